// The bytes of Yjs (update format v1), of y-protocols, and of awareness.
#pragma once
#include <cstdint>
#include <string>

void put_uint(std::string& out, uint64_t value);
void put_string(std::string& out, const std::string& value);  // its length, then its bytes

// Reads forward; `ok` turns false at the first thing that is not there.
struct Reader {
  const uint8_t *at, *end;
  bool ok = true;

  uint64_t uint() {
    uint64_t value = 0;
    for (int shift = 0; at < end && shift <= 63; shift += 7) {
      uint8_t byte = *at++;
      value |= static_cast<uint64_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
    ok = false;
    return 0;
  }
  uint8_t byte() {
    if (at < end) return *at++;
    ok = false;
    return 0;
  }
  const uint8_t* take(uint64_t length) {  // nullptr when there is less
    if (static_cast<uint64_t>(end - at) < length) {
      ok = false;
      at = end;
      return nullptr;
    }
    const uint8_t* from = at;
    at += length;
    return from;
  }
};

// Client `client` types its character number `clock` after its own last one, in the root text "text".
void put_keystroke(std::string& out, uint32_t client, uint64_t clock);

// `count` paragraphs of `length` characters, each put before the last one, so that no two of them can be merged.
void put_paragraphs(std::string& out, uint32_t client, uint64_t clock, int count, int length);

// The awareness update that an editor sends after a keystroke: a name, a colour, and a cursor at `clock`.
void put_cursor(std::string& out, uint32_t client, uint64_t awareness_clock, uint64_t clock);

namespace detail {
// The UTF-16 units of UTF-8 text.
uint64_t units(const uint8_t* text, uint64_t length);
uint64_t struct_length(Reader& reader, uint8_t info);  // of one struct after its info byte; 0 and not ok if unknown
}  // namespace detail

// Calls heard(client, clock, length) for each client's run of structs. False when it is no update of the known kinds.
template <typename Heard>
bool scan_update(const uint8_t* bytes, size_t size, Heard heard) {
  Reader reader{bytes, bytes + size};
  uint64_t clients = reader.uint();
  for (uint64_t i = 0; i < clients && reader.ok; i++) {
    uint64_t structs = reader.uint(), client = reader.uint(), first = reader.uint(), clock = first;
    for (uint64_t j = 0; j < structs && reader.ok; j++) clock += detail::struct_length(reader, reader.byte());
    if (reader.ok) heard(client, first, clock - first);
  }
  return reader.ok;
}

// Calls heard(client, clock) for each entry of an awareness update.
template <typename Heard>
bool scan_awareness(const uint8_t* bytes, size_t size, Heard heard) {
  Reader reader{bytes, bytes + size};
  uint64_t entries = reader.uint();
  for (uint64_t i = 0; i < entries && reader.ok; i++) {
    uint64_t client = reader.uint(), clock = reader.uint();
    reader.take(reader.uint());
    if (reader.ok) heard(client, clock);
  }
  return reader.ok;
}
