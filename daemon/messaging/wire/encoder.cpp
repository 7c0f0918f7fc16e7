#include "daemon/messaging/wire/encoder.h"

#include <fmt/format.h>

#include "daemon/messaging/wire/format.h"
#include "daemon/messaging/wire/frame_head.h"
#include "daemon/messaging/wire/value_codec.h"
#include "daemon/messaging/wire/writer.h"

namespace onyx::messaging::wire {

namespace {

// A reason is for people: a cut one still helps.
std::string_view cut(std::string_view text) { return text.substr(0, kTextBytesMax); }

void put(Writer& w, const barrier::Barrier& barrier) {
  w.need(0);
  w.integer(barrier.version);
  w.integer(barrier.epoch);
  w.byte(static_cast<std::uint8_t>((barrier.checkpoint ? kBarrierCheckpoint : 0) |
                                   (barrier.sealing ? kBarrierSealing : 0) |
                                   (barrier.recover.has_value() ? kBarrierRecovers : 0)));
  if (barrier.recover.has_value()) {
    w.text(barrier.recover->tenancy);
    w.text(barrier.recover->job.text());
    w.need(0);
    w.integer(barrier.recover->version);
    w.integer(barrier.recover->epoch);
  }
  w.need(0);
  w.number(barrier.watermarks.size());
  for (const auto& [source, at] : barrier.watermarks) {
    w.text(source);
    w.need(0);
    w.integer(at);
  }
}

void put(Writer& w, const JobKey& job) {
  w.text(job.job.text());
  w.need(0);
  w.integer(job.version);
}

Type put(Writer& w, const Hello& f) {
  w.text(f.tenancy);
  w.text(f.from.text());
  w.text(f.to.text());
  w.text(f.token);
  return Type::hello;
}
Type put(Writer& w, const Welcome& f) {
  w.text(f.from.text());
  return Type::welcome;
}
Type put(Writer& w, const Goodbye& f) {
  w.byte(static_cast<std::uint8_t>(f.code));
  w.text(cut(f.reason));
  return Type::goodbye;
}
Type put(Writer&, const Heartbeat&) { return Type::heartbeat; }
Type put(Writer& w, const Open& f) {
  w.number(f.channel);
  put(w, f.name.job);
  w.text(f.name.from.text());
  w.need(0);
  w.integer(f.name.from_slot);
  w.text(f.name.to.text());
  w.need(0);
  w.integer(f.name.to_slot);
  return Type::open;
}
Type put(Writer& w, const Accept& f) {
  w.number(f.channel);
  w.number(f.messages);
  w.number(f.bytes);
  return Type::accept;
}
Type put(Writer& w, const InBand& f) {
  w.number(f.channel);
  put(w, f.barrier);
  return Type::barrier;
}
Type put(Writer& w, const Credit& f) {
  w.number(f.channel);
  w.number(f.messages);
  w.number(f.bytes);
  return Type::credit;
}
Type put(Writer& w, const Close& f) {
  w.number(f.channel);
  return Type::close;
}
Type put(Writer& w, const Reset& f) {
  w.number(f.channel);
  w.byte(static_cast<std::uint8_t>(f.code));
  w.text(cut(f.reason));
  return Type::reset;
}
Type put(Writer& w, const PeerStatus& status) {
  w.text(status.task.text());
  w.need(0);
  w.integer(status.slot);
  w.integer(status.epoch);
  w.byte(static_cast<std::uint8_t>((status.drained ? kStatusDrained : 0) |
                                   (status.sealed ? kStatusSealed : 0) |
                                   (status.published ? kStatusPublished : 0)));
  return Type::status;
}
Type put(Writer& w, const Inject& inject) {
  put(w, inject.barrier);
  return Type::inject;
}
Type put(Writer& w, const Publish& publish) {
  w.integer(publish.epoch);
  return Type::publish;
}
Type put(Writer& w, const Ask& f) {
  w.number(f.number);
  w.text(f.question);
  return Type::ask;
}
// A byte more than the code, so that 0 is an answer.
Type put(Writer& w, const Answer& f) {
  w.number(f.number);
  w.byte(f.refused.has_value() ? static_cast<std::uint8_t>(static_cast<int>(*f.refused) + 1) : 0);
  w.text(f.refused.has_value() ? cut(f.text) : std::string_view(f.text));
  return Type::answer;
}
Type put(Writer& w, const ToJob& f) {
  put(w, f.job);
  return std::visit([&](const auto& message) { return put(w, message); }, f.message);
}

}  // namespace

void Encoder::preamble(ByteBuffer& out) { out.append(kPreamble); }

void Encoder::write(const Frame& frame, ByteBuffer& out) {
  const std::size_t start = out.size();
  out.reserve(kHeaderBytes);
  out.add(kHeaderBytes);
  Writer writer(out);
  const Type type = std::visit([&](const auto& f) { return put(writer, f); }, frame);
  writer.done();
  write_head(out.data() + start, type, number_++, out.size() - start - kHeaderBytes);
}

Result<std::size_t> Encoder::write_rows(ChannelId channel, Epoch epoch, const segment::Batch& batch,
                                        RowPlace& from, ByteBuffer& out) {
  const std::size_t start = out.size();
  out.reserve(kHeaderBytes);
  out.add(kHeaderBytes);
  RowPlace at = from;
  {
    Writer writer(out);
    writer.number(channel);
    writer.integer(epoch);
    writer.done();
  }
  const auto size_of_body = [&] { return out.size() - start - kHeaderBytes; };
  // The number of rows of a run is known when its last one fits, so it has a fixed place of four bytes.
  while (has_rows(batch, at) && (size_of_body() < kRowsBytesTarget)) {
    const segment::Batch::Run& run = batch.runs()[at.run];
    const bool is_whole = run.shape == nullptr;
    const auto shape =
        is_whole || run.shape->size() == 0 ? std::nullopt : vocabulary_.shape(run.shape);
    Writer writer(out);
    writer.number(shape.has_value() ? std::uint64_t{*shape} + 1 : 0);
    writer.done();
    const std::size_t count_at = out.size();
    writer.need(8);
    writer.fixed(0, 4);
    writer.done();
    std::uint32_t rows = 0;
    while (at.row < run.rows && size_of_body() < kRowsBytesTarget) {
      const std::size_t row_at = out.size();
      const edn::Value* cells = batch.cells().data() + at.cell;
      bool travels = true;
      if (shape.has_value() || is_whole) {
        for (std::uint32_t i = 0; i < run.width && travels; ++i)
          travels = write_value(writer, vocabulary_, cells[i], shape.has_value() ? 1 : 0);
      } else {  // a shape that cannot be announced: each row as a map
        std::vector<edn::Value> values(cells, cells + run.width);
        travels = write_value(writer, vocabulary_, edn::Value::record(run.shape, values));
      }
      writer.done();
      if (!travels || out.size() - row_at > kBodyBytesMax / 2) {
        std::vector<edn::Value> values(cells, cells + run.width);
        const edn::Value segment = is_whole ? values[0] : edn::Value::record(run.shape, values);
        const std::size_t bytes = out.size() - row_at;
        out.truncate(start);
        if (!travels) return tl::unexpected(why_not(segment));
        return failure(ErrorCode::invalid_argument,
                       fmt::format("a segment of {} bytes cannot be sent to another daemon, {} "
                                   "are allowed",
                                   bytes, kBodyBytesMax / 2),
                       "NET-21");
      }
      ++rows;
      ++at.row;
      at.cell += run.width;
    }
    std::memcpy(out.data() + count_at, &rows, 4);
    if (at.row == run.rows) {
      ++at.run;
      at.row = 0;
    }
  }
  const std::size_t bytes = size_of_body();
  if (vocabulary_.has_news()) {
    news_.clear();
    news_.reserve(kHeaderBytes);
    news_.add(kHeaderBytes);
    vocabulary_.write_news(news_);
    write_head(news_.data(), Type::define, number_++, news_.size() - kHeaderBytes);
    std::memcpy(out.insert(start, news_.size()), news_.data(), news_.size());
    write_head(out.data() + start + news_.size(), Type::batch, number_++, bytes);
  } else {
    write_head(out.data() + start, Type::batch, number_++, bytes);
  }
  from = at;
  return bytes;
}

}  // namespace onyx::messaging::wire
