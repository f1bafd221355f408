// One JSON object, written as it grows. Strings are ASCII with nothing to escape but quotes and controls.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>

class Json {
 public:
  Json& raw(const char* key, const std::string& value) {
    text_ += (text_.empty() ? "\"" : ", \"") + std::string(key) + "\": " + value;
    return *this;
  }
  Json& number(const char* key, double value) {
    char digits[64];
    snprintf(digits, sizeof digits, "%.4f", value);
    return raw(key, digits);
  }
  Json& number(const char* key, uint64_t value) { return raw(key, std::to_string(value)); }
  Json& flag(const char* key, bool value) { return raw(key, value ? "true" : "false"); }
  Json& string(const char* key, const std::string& value) {
    std::string safe = "\"";
    for (char c : value) {
      if (c == '"' || c == '\\') safe += '\\';
      safe += c >= 32 && c < 127 ? c : ' ';
    }
    return raw(key, safe + '"');
  }
  std::string text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};
