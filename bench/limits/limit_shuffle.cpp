// W6's limit: two processes over loopback TCP, each with a thread that makes events and one that counts what comes. Events in row
// batches are split by a hash of :user; one half is counted where it was made, the other is encoded, sent, decoded.
//
//   limit_shuffle BATCH [seconds=2] [repetitions=3]
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <thread>

#include "bench/limits/events.h"
#include "bench/limits/measure.h"
#include "bench/limits/row_batch.h"

namespace onyx::bench {

namespace {

constexpr std::size_t kKeys = 5;  // :ts :user :type :amount :page
constexpr std::string_view kPage = "http://example.com/page/012345";

// --- the wire ---

void put_number(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

std::uint64_t take_number(const char*& at) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(*at++);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
}

void encode(Batch& batch, std::string& out) {
  put_number(out, batch.rows);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    for (std::size_t key = 0; key < kKeys; ++key) {
      const Cell& cell = batch.row(row)[key];
      const auto tag = static_cast<Tag>(cell.head & 0xff);
      out.push_back(static_cast<char>(tag));
      if (tag == Tag::integer) {
        out.append(reinterpret_cast<const char*>(&cell.word), 8);
      } else if (tag == Tag::keyword) {
        put_number(out, cell.word);
      } else if (tag == Tag::short_string) {
        const std::size_t length = cell.head >> 8 & 0xff;
        put_number(out, length);
        out.append(reinterpret_cast<const char*>(&cell) + 2, length);
      } else {
        put_number(out, cell.head >> 32);
        out.append(batch.arena, cell.word, cell.head >> 32);
      }
    }
  }
}

void decode(const char* at, Batch& batch) {
  const std::uint64_t rows = take_number(at);
  batch.reset(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t key = 0; key < kKeys; ++key) {
      Cell& cell = batch.row(row)[key];
      const auto tag = static_cast<Tag>(*at++);
      if (tag == Tag::integer) {
        std::int64_t value = 0;
        std::memcpy(&value, at, 8);
        at += 8;
        cell = Cell::integer(value);
      } else if (tag == Tag::keyword) {
        cell = Cell::keyword(static_cast<std::uint32_t>(take_number(at)));
      } else {
        const std::size_t length = take_number(at);
        const std::string_view chars(at, length);
        cell = tag == Tag::short_string ? Cell::short_string(chars) : batch.add_long_string(chars);
        at += length;
      }
    }
  }
  batch.rows = static_cast<std::uint32_t>(rows);
}

// --- what is done with the events ---

std::uint64_t hash_of(const Cell& cell) {
  const std::uint64_t mixed =
      (cell.head ^ cell.word * 0x9e3779b97f4a7c15ull) * 0xff51afd7ed558ccdull;
  return mixed ^ mixed >> 32;
}

class Counter {
 public:
  void add(Batch& batch) {
    for (std::size_t row = 0; row < batch.rows; ++row) {
      const Cell& user = batch.row(row)[1];
      for (std::size_t at = hash_of(user) % kSlots;; at = (at + 1) % kSlots) {
        Slot& slot = slots_[at];
        if (slot.count != 0 && (slot.user.head != user.head || slot.user.word != user.word))
          continue;
        slot.user = user;
        ++slot.count;
        break;
      }
    }
    seen_ += batch.rows;
  }
  std::uint64_t seen() const { return seen_; }

 private:
  static constexpr std::size_t kSlots = 8192;
  struct Slot {
    Cell user{};
    std::uint64_t count = 0;
  };
  std::vector<Slot> slots_{kSlots};
  std::uint64_t seen_ = 0;
};

Cell user_of(const Event& event) {
  char user[7] = {'u', '0', '0', '0', '0', '0', '0'};
  std::uint32_t number = event.user;
  for (int digit = 6; digit > 0; --digit, number /= 10)
    user[digit] = static_cast<char>('0' + number % 10);
  return Cell::short_string({user, sizeof user});
}

void append(Batch& batch, const Event& event, const Cell& user) {
  Cell* row = batch.row(batch.rows++);
  row[0] = Cell::integer(static_cast<std::int64_t>(event.ts_ms));
  row[1] = user;
  row[2] = Cell::keyword(event.type);
  row[3] = Cell::integer(event.amount);
  row[4] = batch.add_long_string(kPage);
}

// --- the two processes ---

struct Shared {
  std::atomic<std::uint64_t> seen[2];
  std::atomic<int> port[2];
};

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::_Exit(1);
}

int listen_on_loopback(std::atomic<int>& port) {
  const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  auto* address = reinterpret_cast<sockaddr*>(&name);
  if (::bind(listening, address, size) != 0 || ::listen(listening, 1) != 0 ||
      ::getsockname(listening, address, &size) != 0)
    give_up("listen");
  port = ntohs(name.sin_port);
  return listening;
}

int connect_to(const std::atomic<int>& port) {
  while (port == 0) std::this_thread::yield();
  const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(static_cast<std::uint16_t>(port.load()));
  if (::connect(connection, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0)
    give_up("connect");
  const int on = 1;
  ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}

void write_all(int to, const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::write(to, bytes.data() + done, bytes.size() - done);
    if (count <= 0) give_up("write");
    done += static_cast<std::size_t>(count);
  }
}

void count_what_comes(int from, Counter& counter) {
  std::vector<char> bytes(1 << 20);
  std::size_t have = 0;
  Batch batch;
  for (;;) {
    const ssize_t count = ::read(from, bytes.data() + have, bytes.size() - have);
    if (count <= 0) return;
    have += static_cast<std::size_t>(count);
    std::size_t at = 0;
    while (have - at >= 4) {
      std::uint32_t length = 0;
      std::memcpy(&length, bytes.data() + at, 4);
      if (have - at < 4 + length) break;
      decode(bytes.data() + at + 4, batch);
      counter.add(batch);
      at += 4 + length;
    }
    std::memmove(bytes.data(), bytes.data() + at, have - at);
    have -= at;
  }
}

void run_node(int self, Shared& shared, std::size_t batch_size, double seconds) {
  Counter own, others;
  const int listening = listen_on_loopback(shared.port[self]);
  const int to_other = connect_to(shared.port[1 - self]);
  std::thread receiver([&] { count_what_comes(::accept(listening, nullptr, nullptr), others); });

  std::vector<Event> events(1 << 16);
  EventSource source(1'000, 10'000, 0);
  for (Event& event : events) event = source.next();
  Batch batches[2];
  for (Batch& batch : batches) batch.reset(batch_size);
  std::string encoded;
  const std::uint64_t start = now_ns();
  for (std::size_t i = 0; i % 1'000 != 0 || seconds_since(start) < seconds; ++i) {
    const Event& event = events[i % events.size()];
    const Cell user = user_of(event);
    const bool stays = (hash_of(user) >> 20 & 1) == 0;
    Batch& batch = batches[stays ? 0 : 1];
    append(batch, event, user);
    if (batch.rows < batch_size) continue;
    if (stays) {
      own.add(batch);
    } else {
      encoded.assign(4, '\0');
      encode(batch, encoded);
      const auto length = static_cast<std::uint32_t>(encoded.size() - 4);
      std::memcpy(encoded.data(), &length, 4);
      write_all(to_other, encoded);
    }
    batch.reset(batch_size);
  }
  ::shutdown(to_other, SHUT_WR);
  receiver.join();
  shared.seen[self] = own.seen() + others.seen();
}

double rate(std::size_t batch_size, double seconds) {
  void* memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) give_up("mmap");
  auto* shared = new (memory) Shared{};
  const std::uint64_t start = now_ns();
  for (int node = 0; node < 2; ++node) {
    if (::fork() != 0) continue;
    run_node(node, *shared, batch_size, seconds);
    std::_Exit(0);
  }
  for (int node = 0; node < 2; ++node) ::wait(nullptr);
  const double all = static_cast<double>(shared->seen[0] + shared->seen[1]);
  const double took = seconds_since(start);
  ::munmap(memory, sizeof(Shared));
  return all / took;
}

}  // namespace

}  // namespace onyx::bench

int main(int count, char** values) {
  if (count < 2) {
    std::fprintf(stderr, "limit_shuffle BATCH [seconds=2] [repetitions=3]\n");
    return 2;
  }
  const auto batch_size = static_cast<std::size_t>(std::atoi(values[1]));
  const double seconds = count > 2 ? std::atof(values[2]) : 2;
  const int repetitions = count > 3 ? std::atoi(values[3]) : 3;
  std::vector<double> rates;
  for (int i = 0; i < repetitions; ++i) rates.push_back(onyx::bench::rate(batch_size, seconds));
  std::printf("shuffle batch %4zu  both processes together median %6.2f M seg/s\n", batch_size,
              onyx::bench::median(rates) * 1e-6);
  return 0;
}
