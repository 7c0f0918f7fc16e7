// The numbers of the data plane's wire format, as docs/formats/wire.md has them.
//
// Shape:   a connection is a preamble and then frames; a frame is a header of 16 bytes and a body. Numbers are little-endian.
// Units:   bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace onyx::messaging::wire {

inline constexpr std::uint8_t kProtocolVersion = 1;
inline constexpr std::array<std::uint8_t, 8> kPreamble = {
    'O', 'N', 'Y', 'X', 'D', kProtocolVersion, '\r', '\n'};

inline constexpr std::size_t kHeaderBytes = 16;
inline constexpr std::size_t kBodyBytesMax = 16 * 1024 * 1024;
// Rows are cut into frames of about this size; only a single segment makes a larger one.
inline constexpr std::size_t kRowsBytesTarget = 256 * 1024;

// What a connection remembers of names and shapes. Past a limit they are written out in full.
inline constexpr std::size_t kNamesMax = 65'536;
inline constexpr std::size_t kShapesMax = 65'536;
inline constexpr std::size_t kNameBytesMax = 4'096;
inline constexpr std::size_t kDefinedBytesMax = 16 * 1024 * 1024;

inline constexpr std::size_t kTextBytesMax = 65'536;  // ids, task names, reasons, questions
inline constexpr std::size_t kAnswerBytesMax = 12 * 1024 * 1024;
inline constexpr int kDepthMax = 512;                 // of a value
inline constexpr std::size_t kWatermarksMax = 4'096;  // of a barrier

enum class Type : std::uint8_t {
  hello = 1,      // dialler: who speaks, whom it wants, and the token
  welcome = 2,    // acceptor: it may go on
  goodbye = 3,    // either: why the connection ends
  heartbeat = 4,  // either: nothing but a sign of life
  define = 5,     // dialler: names and shapes that later frames refer to
  open = 6,       // dialler: a channel
  accept = 7,     // acceptor: how much the channel takes
  batch = 8,      // dialler: rows
  barrier = 9,    // dialler: in the channel
  credit = 10,    // acceptor: how much has been taken so far
  close = 11,     // dialler: nothing more comes in the channel
  reset = 12,     // acceptor: the channel takes nothing more
  status = 13,    // dialler: a peer's report to the coordinator
  inject = 14,    // dialler: a barrier from the coordinator to the inputs
  publish = 15,   // dialler: an epoch is complete for the whole job
  ask = 16,       // dialler: a question
  answer = 17,    // acceptor: what came of it
};
inline constexpr std::uint8_t kTypeMax = 17;

// Flags of a barrier and of a status.
inline constexpr std::uint8_t kBarrierCheckpoint = 1, kBarrierSealing = 2, kBarrierRecovers = 4;
inline constexpr std::uint8_t kStatusDrained = 1, kStatusSealed = 2, kStatusPublished = 4;

// The first byte of a value.
enum Tag : std::uint8_t {
  kNil = 0x00,
  kFalse = 0x01,
  kTrue = 0x02,
  kReal = 0x03,         // 8 bytes
  kCharacter = 0x04,    // 4 bytes
  kInst = 0x05,         // 8 bytes
  kKeyword = 0x06,      // name
  kSymbol = 0x07,       // name
  kString = 0x08,       // length, bytes; 64 of them or more
  kRatio = 0x09,        // 8 bytes, 8 bytes
  kUuid = 0x0a,         // 16 bytes
  kList = 0x0b,         // count, values
  kVector = 0x0c,       // count, values
  kMap = 0x0d,          // count, keys and values in turn
  kSet = 0x0e,          // count, values
  kRecord = 0x0f,       // shape, as many values
  kTagged = 0x10,       // name, value
  kInteger = 0x20,      // + n - 1: n bytes, 1 … 8, sign-extended
  kShortString = 0x40,  // + n: n bytes, 0 … 63
};
inline constexpr std::size_t kShortStringMax = 63;

}  // namespace onyx::messaging::wire
