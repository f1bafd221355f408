#include "typing.hpp"

#include <algorithm>

#include "json.hpp"
#include "loads.hpp"
#include "yjs.hpp"

namespace {
constexpr uint64_t kFirstCursor = 1;  // the awareness clock of the state that is sent at once
}

Typing::Typing(const Options& options) : loop(options, *this), options_(options) {
  int each = options.writers + options.readers;
  size_t total = static_cast<size_t>(options.documents) * each;
  loop.connections.resize(total);
  writer_of_.assign(total, -1);
  next_.assign(total, std::vector<uint64_t>(options.writers, 0));
  if (options.cursors) cursor_of_.assign(total, std::vector<uint64_t>(options.writers, 0));
  // Readers first, then writers; the documents in turn.
  for (size_t i = 0; i < total; i++) {
    loop.connections[i].index = static_cast<int>(i);
    loop.connections[i].document = static_cast<int>(i % options.documents);
    if (i < static_cast<size_t>(options.readers) * options.documents) loop.connections[i].port = options.reader_port;
  }
  for (int document = 0; document < options.documents; document++)
    for (int place = 0; place < options.writers; place++) {
      Writer writer;
      writer.document = document;
      writer.place = place;
      writer.id = options.client_base + static_cast<uint32_t>(writers.size());
      writer.connection = (options.readers + place) * options.documents + document;
      writer.hearers = each - 1;
      writer_of_[writer.connection] = static_cast<int>(writers.size());
      writers.push_back(writer);
    }
}

void Typing::opened(Connection& connection) {
  // y-websocket's client says at once who is there; Hocuspocus' waits until it is let in.
  if (options_.cursors && options_.protocol != Protocol::hocuspocus && writer_of_[connection.index] >= 0)
    send_cursor(writers[writer_of_[connection.index]]);
}

void Typing::synced(Connection& connection) {
  if (options_.cursors && options_.protocol == Protocol::hocuspocus && writer_of_[connection.index] >= 0)
    send_cursor(writers[writer_of_[connection.index]]);
}

void Typing::send_cursor(Writer& writer) {
  std::string state;
  put_cursor(state, writer.id, kFirstCursor + writer.sent, writer.sent == 0 ? 0 : writer.sent - 1);
  Connection& connection = loop.connections[writer.connection];
  loop.send_awareness(connection, state);
  loop.flush(connection);
}

void Typing::begin() {
  for (Writer& writer : writers) writer.acks_before = writer.acknowledged;
  if (options_.rate <= 0)
    for (size_t i = 0; i < writers.size(); i++) ready.push_back(static_cast<int>(i));
}

void Typing::type(int index, int64_t due) {
  Writer& writer = writers[index];
  Connection& connection = loop.connections[writer.connection];
  if (connection.state == Connection::State::dead) return;
  static std::string update;
  update.clear();
  put_keystroke(update, writer.id, writer.sent);
  writer.due.push_back(due);
  writer.heard.push_back(0);
  writer.sent++;
  loop.send_update(connection, update);
  if (options_.cursors) {
    send_cursor(writer);  // in one write with the update, as a browser's two sends in one task
  } else {
    loop.flush(connection);
  }
}

void Typing::update(Connection& connection, const uint8_t* bytes, size_t size, bool) {
  bool known = scan_update(bytes, size, [&](uint64_t client, uint64_t clock, uint64_t length) {
    heard(connection, client, clock, length);
  });
  if (!known) loop.counts.unparsed++;
}

void Typing::heard(Connection& connection, uint64_t client, uint64_t clock, uint64_t length) {
  if (client < options_.client_base || client >= options_.client_base + writers.size()) {
    counts.stray++;
    return;
  }
  int index = static_cast<int>(client - options_.client_base);
  Writer& writer = writers[index];
  if (writer.document != connection.document) {
    loop.counts.leaks++;
    return;
  }
  uint64_t& next = next_[connection.index][writer.place];
  if (writer_of_[connection.index] == index) {
    // A server may echo all, none or some of a writer's own updates (those that it merged with others').
    if (clock < next) counts.repeats++;
    next = clock + length;
    counts.echoes += length;
    return;
  }
  if (clock > next) counts.gaps += clock - next;
  if (clock < next) {
    uint64_t old = std::min(length, next - clock);
    counts.repeats += old;
    clock += old;
    length -= old;
    if (length == 0) return;
  }
  next = clock + length;
  counts.delivered += length;
  for (uint64_t at = clock; at < next; at++) {
    if (at >= writer.due.size()) {
      counts.stray++;
      continue;
    }
    if (measured(writer.due[at])) updates.add(loop.heard_at - writer.due[at]);
    if (++writer.heard[at] < writer.hearers) continue;
    while (writer.heard_by_all < writer.sent && writer.heard[writer.heard_by_all] == writer.hearers)
      writer.heard_by_all++;
    ready.push_back(index);
  }
}

void Typing::awareness(Connection& connection, const uint8_t* bytes, size_t size) {
  if (!options_.cursors) return;
  bool news = false;
  bool known = scan_awareness(bytes, size, [&](uint64_t client, uint64_t clock) {
    if (client < options_.client_base || client >= options_.client_base + writers.size()) return;
    Writer& writer = writers[client - options_.client_base];
    if (writer.connection == connection.index) return;
    uint64_t& last = cursor_of_[connection.index][writer.place];
    if (clock <= last) return;
    last = clock;
    news = true;
    counts.cursors++;
    uint64_t at = clock - kFirstCursor;  // the cursor after update `at - 1`
    if (at > 0 && at <= writer.due.size() && measured(writer.due[at - 1]))
      cursors.add(loop.heard_at - writer.due[at - 1]);
  });
  if (!known) loop.counts.unparsed++;
  if (!news || !options_.echo) return;
  loop.send_awareness(connection, std::string(reinterpret_cast<const char*>(bytes), size));
  loop.flush(connection);
}

void Typing::acknowledged(Connection& connection) {
  int index = writer_of_[connection.index];
  if (index < 0) return;
  Writer& writer = writers[index];
  writer.acknowledged++;
  if (!options_.acks || writer.acknowledged <= writer.acks_before) return;
  uint64_t at = writer.acknowledged - writer.acks_before - 1;
  if (at >= writer.due.size()) return;
  counts.acks++;
  if (measured(writer.due[at])) acks.add(loop.heard_at - writer.due[at]);
}

uint64_t Typing::expected() const {
  uint64_t sum = 0;
  for (const Writer& writer : writers) sum += writer.sent * writer.hearers;
  return sum;
}

bool Typing::cursors_settled() const {
  if (!options_.cursors) return true;
  for (const Connection& connection : loop.connections)
    for (const Writer& writer : writers)
      if (writer.document == connection.document && writer.connection != connection.index &&
          cursor_of_[connection.index][writer.place] != kFirstCursor + writer.sent)
        return false;
  return true;
}

bool Typing::acks_settled() const {
  if (!options_.acks) return true;
  for (const Writer& writer : writers)
    if (writer.acknowledged - writer.acks_before < writer.sent) return false;
  return true;
}

// ---------------------------------------------------------------------------------------------------- the load

namespace {

struct Reading {
  Usage server;
  Typing::Counts counts;
  Loop::Counts loop;
  uint64_t sent;
  double own_ms;
  int64_t at;
};

uint64_t total_sent(const Typing& typing) {
  uint64_t sum = 0;
  for (const Typing::Writer& writer : typing.writers) sum += writer.sent;
  return sum;
}

Reading read_all(const Typing& typing, const Options& options) {
  return {usage_of(options.pids), typing.counts, typing.loop.counts, total_sent(typing), own_cpu_ms(), now_ns()};
}

void keep_rate(Typing& typing, const Options& options, int64_t from, uint64_t& typed, Histogram& late) {
  double gap = 1e9 / (options.rate * typing.writers.size());
  for (int burst = 0; burst < 256; burst++) {
    int64_t due = from + static_cast<int64_t>(typed * gap), now = now_ns();
    if (due > now) return;
    late.add(now - due);
    typing.type(static_cast<int>(typed % typing.writers.size()), due);
    typed++;
  }
}

void keep_window(Typing& typing, const Options& options) {
  size_t free = typing.ready.size();
  for (size_t i = 0; i < free; i++) {
    int writer = typing.ready[i];
    while (typing.writers[writer].sent - typing.writers[writer].heard_by_all < static_cast<uint64_t>(options.window))
      typing.type(writer, now_ns());
  }
  typing.ready.erase(typing.ready.begin(), typing.ready.begin() + free);
}

// Waits until all that was sent has arrived everywhere. Seconds that it took.
double drain(Typing& typing, const Options& options) {
  int64_t from = now_ns(), end = from + static_cast<int64_t>(options.drain * 1e9), last = from;
  while (now_ns() < end && !typing.loop.lost_any()) {
    if (typing.counts.delivered >= typing.expected() && typing.acks_settled() && typing.cursors_settled()) break;
    typing.loop.poll(1);
    last = now_ns();
  }
  if (!typing.loop.lost_any()) typing.loop.poll_for(0.3);  // whatever comes once too often
  return (last - from) / 1e9;
}

Json verdict(const Typing& typing, double drained) {
  const Typing::Counts& counts = typing.counts;
  const Loop::Counts& loop = typing.loop.counts;
  bool complete = counts.delivered == typing.expected() && counts.gaps == 0 && counts.repeats == 0 &&
                  counts.stray == 0 && loop.leaks == 0 && loop.unparsed == 0 && loop.lost == 0 && loop.denied == 0 &&
                  typing.acks_settled() && typing.cursors_settled();
  Json json;
  json.number("sent", total_sent(typing))
      .number("expected", typing.expected())
      .number("received", counts.delivered)
      .number("gaps", counts.gaps)
      .number("repeats", counts.repeats)
      .number("stray", counts.stray)
      .number("drain_s", drained)
      .flag("acks", typing.acks_settled())
      .flag("cursors", typing.cursors_settled())
      .flag("complete", complete);
  add_loop(json, typing.loop);
  return json;
}

void reserve(Typing& typing, const Options& options) {
  size_t size = options.rate > 0 ? static_cast<size_t>(options.rate * (options.warmup + options.seconds) * 1.2) + 64
                                 : 200000 / typing.writers.size() + 1024;
  for (Typing::Writer& writer : typing.writers) {
    writer.due.reserve(size);
    writer.heard.reserve(size);
  }
}

}  // namespace

int run_typing(const Options& options) {
  Typing typing(options);
  Loop& loop = typing.loop;
  size_t total = loop.connections.size();
  if (!loop.open_all(0, total, std::min<size_t>(options.documents, total)))
    die("only %d of %zu clients were let in: %s", static_cast<int>(loop.counts.synced), total, loop.last_close.c_str());
  loop.poll_for(options.settle);
  reserve(typing, options);
  typing.begin();

  int64_t from = now_ns();
  typing.measure_from = from + static_cast<int64_t>(options.warmup * 1e9);
  typing.measure_to = typing.measure_from + static_cast<int64_t>(options.seconds * 1e9);
  Histogram late;
  Reading before{};
  uint64_t typed = 0;
  for (bool measuring = false; now_ns() < typing.measure_to && !loop.lost_any();) {
    if (!measuring && now_ns() >= typing.measure_from) {
      before = read_all(typing, options);
      late = Histogram();
      measuring = true;
    }
    if (options.rate > 0) {
      keep_rate(typing, options, from, typed, late);
    } else {
      keep_window(typing, options);
    }
    loop.poll(0);
  }
  if (loop.lost_any())
    die("%d of %zu clients were cut off: %s", static_cast<int>(loop.counts.lost), total, loop.last_close.c_str());
  Reading after = read_all(typing, options);
  double drained = drain(typing, options);

  double seconds = (after.at - before.at) / 1e9, cpu_us = (after.server.cpu_ms - before.server.cpu_ms) * 1000;
  uint64_t delivered = after.counts.delivered - before.counts.delivered, sent = after.sent - before.sent;
  Json generator;
  generator.number("idle_pct", 100.0 * (after.loop.idle_ns - before.loop.idle_ns) / (after.at - before.at))
      .number("own_cpu_ms", after.own_ms - before.own_ms)
      .raw("late_ms", late.json());
  Json json;
  json.number("sent_per_s", sent / seconds)
      .number("delivered_per_s", delivered / seconds)
      .number("frames_per_s", (after.loop.frames - before.loop.frames) / seconds)
      .number("cursors_per_s", (after.counts.cursors - before.counts.cursors) / seconds)
      .number("us_per_delivery", delivered ? cpu_us / delivered : 0)
      .number("us_per_update", sent ? cpu_us / sent : 0)
      .raw("latency_ms", typing.updates.json())
      .raw("cursor_ms", typing.cursors.json())
      .raw("ack_ms", typing.acks.json())
      .raw("generator", generator.text())
      .raw("verify", verdict(typing, drained).text());
  add_usage(json, before.server, after.server, seconds);
  print_result(json);
  return 0;
}
