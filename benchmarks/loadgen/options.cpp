#include "options.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <unistd.h>

void die(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(2);
}

namespace {

std::vector<int> numbers(const std::string& text) {
  std::vector<int> found;
  for (size_t at = 0; at < text.size();) {
    found.push_back(atoi(text.c_str() + at));
    at = text.find(',', at);
    if (at == std::string::npos) break;
    at++;
  }
  return found;
}

Protocol protocol_named(const std::string& name) {
  if (name == "y") return Protocol::y_websocket;
  if (name == "hocus") return Protocol::hocuspocus;
  if (name == "bare") return Protocol::bare;
  if (name == "text") return Protocol::text;
  die("unknown protocol %s", name.c_str());
}

}  // namespace

Options parse_options(int count, char** words) {
  Options options;
  using Set = std::function<void(const std::string&)>;
  auto text = [](std::string& to) -> Set { return [&to](const std::string& value) { to = value; }; };
  auto number = [](int& to) -> Set { return [&to](const std::string& value) { to = atoi(value.c_str()); }; };
  auto real = [](double& to) -> Set { return [&to](const std::string& value) { to = atof(value.c_str()); }; };
  std::map<std::string, Set> known = {
      {"--mode", text(options.mode)},
      {"--path", text(options.path)},
      {"--room", text(options.room)},
      {"--file", text(options.file)},
      {"--dump", text(options.dump)},
      {"--port", number(options.port)},
      {"--reader-port", number(options.reader_port)},
      {"--writer-port", number(options.writer_port)},
      {"--size", number(options.size)},
      {"--publish", text(options.publish)},
      {"--post", text(options.post)},
      {"--head", text(options.head)},
      {"--say", [&](const std::string& value) { options.greeting.push_back({true, value}); }},
      {"--await", [&](const std::string& value) { options.greeting.push_back({false, value}); }},
      {"--documents", number(options.documents)},
      {"--writers", number(options.writers)},
      {"--readers", number(options.readers)},
      {"--window", number(options.window)},
      {"--together", number(options.together)},
      {"--count", number(options.count)},
      {"--rate", real(options.rate)},
      {"--warmup", real(options.warmup)},
      {"--seconds", real(options.seconds)},
      {"--drain", real(options.drain)},
      {"--settle", real(options.settle)},
      {"--timeout", real(options.timeout)},
      {"--protocol", [&](const std::string& value) { options.protocol = protocol_named(value); }},
      {"--pids", [&](const std::string& value) { options.pids = numbers(value); }},
      {"--expect-clock", [&](const std::string& value) { options.expect_clock = strtoull(value.c_str(), nullptr, 10); }},
      {"--expect-client", [&](const std::string& value) { options.expect_client = strtoul(value.c_str(), nullptr, 10); }},
  };
  std::map<std::string, bool*> flags = {
      {"--cursors", &options.cursors}, {"--echo", &options.echo}, {"--acks", &options.acks}, {"--hold", &options.hold}};
  for (int i = 1; i < count; i++) {
    std::string name = words[i];
    if (auto flag = flags.find(name); flag != flags.end()) {
      *flag->second = true;
      continue;
    }
    auto found = known.find(name);
    if (found == known.end()) die("unknown option %s", name.c_str());
    if (i + 1 >= count) die("%s needs a value", name.c_str());
    found->second(words[++i]);
  }
  if (options.port == 0) die("--port is needed");
  srand(getpid() ^ time(nullptr));
  options.client_base = 100000000u + rand() % 2000 * 1000000u;
  return options;
}
