#include "yjs.hpp"

#include <cstdio>

void put_uint(std::string& out, uint64_t value) {
  while (value > 127) {
    out += static_cast<char>(128 | (value & 127));
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void put_string(std::string& out, const std::string& value) {
  put_uint(out, value.size());
  out += value;
}

namespace {

constexpr uint8_t kString = 4, kHasOrigin = 0x80, kHasRightOrigin = 0x40;

void put_root(std::string& out) {
  put_uint(out, 1);  // the parent is a root type, by its name
  put_string(out, "text");
}

}  // namespace

void put_keystroke(std::string& out, uint32_t client, uint64_t clock) {
  put_uint(out, 1);  // clients
  put_uint(out, 1);  // structs
  put_uint(out, client);
  put_uint(out, clock);
  if (clock == 0) {
    out += static_cast<char>(kString);
    put_root(out);
  } else {
    out += static_cast<char>(kString | kHasOrigin);
    put_uint(out, client);
    put_uint(out, clock - 1);
  }
  put_string(out, std::string(1, static_cast<char>('a' + clock % 26)));
  put_uint(out, 0);  // nothing deleted
}

void put_paragraphs(std::string& out, uint32_t client, uint64_t clock, int count, int length) {
  put_uint(out, 1);
  put_uint(out, count);
  put_uint(out, client);
  put_uint(out, clock);
  for (int i = 0; i < count; i++, clock += length) {
    if (clock == 0) {
      out += static_cast<char>(kString);
      put_root(out);
    } else {
      out += static_cast<char>(kString | kHasRightOrigin);
      put_uint(out, client);
      put_uint(out, clock - length);
    }
    std::string words(length, 'x');
    for (int at = 0; at < length; at++) words[at] = static_cast<char>(at % 7 == 6 ? ' ' : 'a' + (clock / length + at) % 26);
    put_string(out, words);
  }
  put_uint(out, 0);
}

void put_cursor(std::string& out, uint32_t client, uint64_t awareness_clock, uint64_t clock) {
  char place[128], state[512];
  snprintf(place, sizeof place, "{\"type\":null,\"tname\":\"text\",\"item\":{\"client\":%u,\"clock\":%llu},\"assoc\":0}", client,
           static_cast<unsigned long long>(clock));
  snprintf(state, sizeof state, "{\"user\":{\"name\":\"Person %u\",\"color\":\"#%06x\"},\"cursor\":{\"anchor\":%s,\"head\":%s}}",
           client % 10000, client % 0xffffff, place, place);
  put_uint(out, 1);
  put_uint(out, client);
  put_uint(out, awareness_clock);
  put_string(out, state);
}

namespace detail {

uint64_t units(const uint8_t* text, uint64_t length) {
  uint64_t count = 0;
  for (uint64_t i = 0; i < length; i++) count += ((text[i] & 0xC0) != 0x80) + (text[i] >= 0xF0);
  return count;
}

uint64_t struct_length(Reader& reader, uint8_t info) {
  constexpr uint8_t kGarbage = 0, kDeleted = 1, kSkip = 10, kHasParentKey = 0x20;
  int kind = info & 31;
  if (kind == kGarbage || kind == kSkip) return reader.uint();
  for (uint8_t origin : {kHasOrigin, kHasRightOrigin})
    if (info & origin) {
      reader.uint();
      reader.uint();
    }
  if (!(info & (kHasOrigin | kHasRightOrigin))) {
    if (reader.uint() == 1) {
      reader.take(reader.uint());
    } else {
      reader.uint();
      reader.uint();
    }
    if (info & kHasParentKey) reader.take(reader.uint());
  }
  if (kind == kDeleted) return reader.uint();
  if (kind == kString) {
    uint64_t length = reader.uint();
    const uint8_t* text = reader.take(length);
    return text == nullptr ? 0 : units(text, length);
  }
  reader.ok = false;
  return 0;
}

}  // namespace detail
