// Events: publishers send each as a message, as a line or as a request, and every subscriber is to hear it once.
#include <algorithm>
#include <cstring>

#include "json.hpp"
#include "loads.hpp"

namespace {

constexpr char kMark = '#';  // an event's number stands between two of them
constexpr size_t kMost = 1 << 20;

std::string filled(const std::string& form, const std::string& event) {
  std::string text = form;
  if (size_t at = text.find("{event}"); at != std::string::npos) text.replace(at, 7, event);
  return text;
}

// A JSON object of so many bytes that holds the number.
std::string event_of(uint64_t number, size_t size) {
  std::string event = "{\"n\":\"#" + std::to_string(number) + "#\",\"x\":\"";
  event.append(size > event.size() + 2 ? size - event.size() - 2 : 0, 'x');
  return event + "\"}";
}

class Events : public Listener {
 public:
  struct Counts {
    uint64_t sent = 0, delivered = 0, everywhere = 0, repeats = 0, disorder = 0, stray = 0, refused = 0;
  };

  explicit Events(const Options& options)
      : loop(options, *this), options_(options), heard_(options.readers, std::vector<bool>(kMost)),
        last_(options.readers, 0) {
    loop.connections.resize(options.readers + options.writers);
    for (size_t i = 0; i < loop.connections.size(); i++) {
      Connection& connection = loop.connections[i];
      connection.index = static_cast<int>(i);
      if (i < static_cast<size_t>(options.readers)) continue;
      connection.port = options.writer_port;
      if (options.writer_port || !options.post.empty()) connection.kind = Connection::Kind::plain;
    }
    answers_.resize(options.writers);
    for (int i = 0; i < options.writers; i++) free_.push_back(i);
  }

  Loop loop;
  Counts counts;
  Histogram each, last;
  int64_t measure_from = INT64_MAX, measure_to = INT64_MAX;

  // False: no publisher is free.
  bool publish(int64_t due) {
    if (counts.sent == kMost) die("more than %zu events", kMost);
    if (free_.empty()) return false;
    int writer = free_.back();
    std::string event = event_of(counts.sent, options_.size);
    due_.push_back(due);
    left_.push_back(options_.readers);
    counts.sent++;
    Connection& connection = loop.connections[options_.readers + writer];
    if (options_.post.empty()) {
      loop.send_text(connection, filled(options_.publish, event) + (options_.writer_port ? "\n" : ""));
    } else {
      free_.pop_back();  // until it is answered
      std::string body = filled(options_.publish, "#" + std::to_string(counts.sent - 1) + "#");
      loop.send_text(connection, "POST " + options_.post + " HTTP/1.1\r\nHost: 127.0.0.1:" +
                                     std::to_string(options_.port) + "\r\nContent-Type: application/json\r\n" +
                                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    return true;
  }

  uint64_t in_flight() const { return counts.sent - counts.everywhere; }

  void text(Connection& connection, const uint8_t* bytes, size_t size) override {
    if (connection.index >= options_.readers) return answered(connection.index - options_.readers, bytes, size);
    auto* begin = static_cast<const uint8_t*>(memchr(bytes, kMark, size));
    if (begin == nullptr) return;  // a ping, or somebody's presence
    uint64_t number = 0;
    const uint8_t* at = begin + 1;
    for (; at < bytes + size && *at >= '0' && *at <= '9'; at++) number = number * 10 + (*at - '0');
    if (at == bytes + size || *at != kMark || number >= counts.sent) {
      counts.stray++;
      return;
    }
    hear(connection.index, number);
  }

  void update(Connection&, const uint8_t*, size_t, bool) override {}

 private:
  void hear(int reader, uint64_t number) {
    if (heard_[reader][number]) {
      counts.repeats++;
      return;
    }
    heard_[reader][number] = true;
    if (number + 1 < last_[reader]) counts.disorder++;
    last_[reader] = number + 1;
    counts.delivered++;
    bool measured = due_[number] >= measure_from && due_[number] < measure_to;
    if (measured) each.add(loop.heard_at - due_[number]);
    if (--left_[number] > 0) return;
    counts.everywhere++;
    if (measured) last.add(loop.heard_at - due_[number]);
  }

  // A publisher is free again when the whole answer to its request is there.
  void answered(int writer, const uint8_t* bytes, size_t size) {
    if (options_.post.empty()) return;
    std::string& answer = answers_[writer];
    answer.append(reinterpret_cast<const char*>(bytes), size);
    size_t head = answer.find("\r\n\r\n");
    if (head == std::string::npos) return;
    const char* length = strcasestr(answer.c_str(), "\r\ncontent-length:");
    size_t body = length == nullptr ? 0 : strtoul(length + 17, nullptr, 10);
    if (answer.size() < head + 4 + body) return;
    if (answer.compare(9, 1, "2") != 0 && counts.refused++ == 0)
      fprintf(stderr, "refused: %s\n", answer.substr(0, 600).c_str());
    answer.clear();
    free_.push_back(writer);
  }

  const Options& options_;
  std::vector<std::vector<bool>> heard_;
  std::vector<uint64_t> last_;
  std::vector<int64_t> due_;
  std::vector<int> left_, free_;
  std::vector<std::string> answers_;
};

struct Reading {
  Usage server;
  Events::Counts counts;
  Loop::Counts loop;
  double own_ms;
  int64_t at;
};

Reading read_all(const Events& events, const Options& options) {
  return {usage_of(options.pids), events.counts, events.loop.counts, own_cpu_ms(), now_ns()};
}

void keep_going(Events& events, const Options& options, int64_t from) {
  if (options.rate <= 0) {
    while (events.in_flight() < static_cast<uint64_t>(options.window) && events.publish(now_ns())) continue;
    return;
  }
  for (int burst = 0; burst < 256; burst++) {
    int64_t due = from + static_cast<int64_t>(events.counts.sent * 1e9 / options.rate);
    if (due > now_ns() || !events.publish(due)) return;
  }
}

Json verdict(Events& events, const Options& options) {
  int64_t end = now_ns() + static_cast<int64_t>(options.drain * 1e9);
  while (now_ns() < end && events.in_flight() > 0 && !events.loop.lost_any()) events.loop.poll(1);
  if (!events.loop.lost_any()) events.loop.poll_for(0.2);  // whatever comes once too often
  const Events::Counts& counts = events.counts;
  bool ordered = options.writers > 1 || counts.disorder == 0;
  bool complete = events.in_flight() == 0 && counts.repeats == 0 && counts.stray == 0 && counts.refused == 0 &&
                  ordered && !events.loop.lost_any();
  Json json;
  json.number("sent", counts.sent)
      .number("received", counts.delivered)
      .number("repeats", counts.repeats)
      .number("disorder", counts.disorder)
      .number("stray", counts.stray)
      .number("refused", counts.refused)
      .flag("complete", complete);
  add_loop(json, events.loop);
  return json;
}

}  // namespace

int run_events(const Options& options) {
  Events events(options);
  Loop& loop = events.loop;
  size_t total = loop.connections.size();
  if (!loop.open_all(0, options.readers, 1) || !loop.open_all(options.readers, total, 1))
    die("only %d of %zu clients were let in: %s", static_cast<int>(loop.counts.synced), total, loop.last_close.c_str());
  for (int i = 0; i < options.writers && !options.head.empty(); i++)
    loop.send_text(loop.connections[options.readers + i], options.head + "\n");
  loop.poll_for(options.settle);

  int64_t from = now_ns();
  events.measure_from = from + static_cast<int64_t>(options.warmup * 1e9);
  events.measure_to = events.measure_from + static_cast<int64_t>(options.seconds * 1e9);
  Reading before{};
  for (bool measuring = false; now_ns() < events.measure_to && !loop.lost_any();) {
    if (!measuring && now_ns() >= events.measure_from) {
      before = read_all(events, options);
      measuring = true;
    }
    keep_going(events, options, from);
    loop.poll(0);
  }
  if (loop.lost_any())
    die("%d of %zu clients were cut off: %s", static_cast<int>(loop.counts.lost), total, loop.last_close.c_str());
  Reading after = read_all(events, options);
  Json complete = verdict(events, options);

  double seconds = (after.at - before.at) / 1e9, cpu_us = (after.server.cpu_ms - before.server.cpu_ms) * 1000;
  uint64_t delivered = after.counts.delivered - before.counts.delivered;
  uint64_t everywhere = after.counts.everywhere - before.counts.everywhere;
  Json generator;
  generator.number("idle_pct", 100.0 * (after.loop.idle_ns - before.loop.idle_ns) / (after.at - before.at))
      .number("own_cpu_ms", after.own_ms - before.own_ms);
  Json json;
  json.number("sent_per_s", everywhere / seconds)
      .number("delivered_per_s", delivered / seconds)
      .number("frames_per_s", (after.loop.frames - before.loop.frames) / seconds)
      .number("bytes_per_frame", delivered ? double(after.loop.bytes - before.loop.bytes) / delivered : 0)
      .number("us_per_delivery", delivered ? cpu_us / delivered : 0)
      .number("us_per_update", everywhere ? cpu_us / everywhere : 0)
      .raw("latency_ms", events.each.json())
      .raw("last_ms", events.last.json())
      .raw("ack_ms", Histogram().json())
      .raw("generator", generator.text())
      .raw("verify", complete.text());
  add_usage(json, before.server, after.server, seconds);
  print_result(json);
  return 0;
}
