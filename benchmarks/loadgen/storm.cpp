// Hundreds of clients open one large document at once, while somebody types in it and somebody else reads.
#include <algorithm>

#include "json.hpp"
#include "loads.hpp"
#include "yjs.hpp"

namespace {

constexpr int kAuthor = 0, kWitness = 1, kFirstJoiner = 2;
constexpr int kParagraph = 256, kParagraphsInUpdate = 40;
constexpr int kReadWhole = 10;  // every tenth copy is read to the end; of the others the bytes are counted

class Storm : public Listener {
 public:
  explicit Storm(const Options& options) : loop(options, *this), options_(options) {
    loop.connections.resize(kFirstJoiner + options.readers);
    for (size_t i = 0; i < loop.connections.size(); i++) {
      loop.connections[i].index = static_cast<int>(i);
      loop.connections[i].skim = i >= kFirstJoiner && i % kReadWhole != 0;
    }
    covered_.assign(loop.connections.size(), 0);
    whole_at.assign(loop.connections.size(), 0);
  }

  Loop loop;
  std::vector<int64_t> whole_at;  // when each joiner had the document
  Histogram calm, stormy;         // of the typist's updates at the witness
  Histogram* heard_in = nullptr;
  std::vector<int64_t> due;
  uint64_t seeded_clock = 0, seeded_bytes = 0, joined = 0, delivered = 0, gaps = 0;

  uint32_t author() const { return options_.client_base; }
  uint32_t typist() const { return options_.client_base + 1; }
  uint64_t witnessed() const { return covered_[kWitness]; }

  void synced(Connection& connection) override {
    if (connection.skim && connection.skimmed >= seeded_bytes * 95 / 100) has_all(connection);
  }

  void update(Connection& connection, const uint8_t* bytes, size_t size, bool) override {
    bool known = scan_update(bytes, size, [&](uint64_t client, uint64_t from, uint64_t length) {
      if (client == author()) covered_[connection.index] = std::max(covered_[connection.index], from + length);
      if (client == typist() && connection.index == kWitness) witness(from, length);
    });
    if (!known) loop.counts.unparsed++;
    if (connection.index >= kFirstJoiner && covered_[connection.index] >= seeded_clock) has_all(connection);
  }

 private:
  void has_all(Connection& connection) {
    if (whole_at[connection.index] != 0) return;
    whole_at[connection.index] = loop.heard_at;
    joined++;
  }

  void witness(uint64_t from, uint64_t length) {
    if (from > delivered) gaps += from - delivered;
    for (uint64_t at = std::max(from, delivered); at < from + length && at < due.size(); at++)
      heard_in->add(loop.heard_at - due[at]);
    delivered = std::max(delivered, from + length);
  }

  const Options& options_;
  std::vector<uint64_t> covered_;
};

void seed(Storm& storm, const Options& options) {
  Loop& loop = storm.loop;
  Connection& author = loop.connections[kAuthor];
  int64_t end = now_ns() + static_cast<int64_t>(options.timeout * 1e9);
  for (uint64_t bytes = static_cast<uint64_t>(options.count) << 20; storm.seeded_bytes < bytes;) {
    std::string update;
    put_paragraphs(update, storm.author(), storm.seeded_clock, kParagraphsInUpdate, kParagraph);
    storm.seeded_clock += kParagraphsInUpdate * kParagraph;
    storm.seeded_bytes += update.size();
    loop.send_update(author, update);
    loop.flush(author);
    while (storm.seeded_clock > storm.witnessed() + 4 * kParagraphsInUpdate * kParagraph && now_ns() < end &&
           !loop.lost_any())
      loop.poll(1);
  }
  while (storm.witnessed() < storm.seeded_clock && now_ns() < end && !loop.lost_any()) loop.poll(1);
  if (storm.witnessed() < storm.seeded_clock) die("the document was not seeded: %s", loop.last_close.c_str());
}

// Types at the rate from `from` on until `done`.
template <typename Done>
void type_until(Storm& storm, const Options& options, Done done) {
  int64_t from = now_ns();
  for (uint64_t typed = 0; !done();) {
    int64_t due = from + static_cast<int64_t>(typed * 1e9 / options.rate);
    if (due <= now_ns()) {
      std::string update;
      put_keystroke(update, storm.typist(), storm.due.size());
      storm.due.push_back(due);
      storm.loop.send_update(storm.loop.connections[kAuthor], update);
      storm.loop.flush(storm.loop.connections[kAuthor]);
      typed++;
    }
    storm.loop.poll(0);
  }
}

}  // namespace

int run_storm(const Options& options) {
  Storm storm(options);
  Loop& loop = storm.loop;
  storm.heard_in = &storm.calm;
  if (!loop.open_all(0, kFirstJoiner, 1)) die("not let in: %s", loop.last_close.c_str());
  seed(storm, options);
  loop.poll_for(options.settle);  // until snapshots and the like are made
  int64_t calm_end = now_ns() + static_cast<int64_t>(options.seconds * 1e9);
  type_until(storm, options, [&] { return now_ns() >= calm_end; });
  loop.poll_for(0.5);

  Usage before = usage_of(options.pids);
  storm.heard_in = &storm.stormy;
  int64_t from = now_ns(), end = from + static_cast<int64_t>(options.timeout * 1e9);
  for (size_t i = kFirstJoiner; i < loop.connections.size(); i++) loop.start(loop.connections[i]);
  uint64_t all = static_cast<uint64_t>(options.readers);
  type_until(storm, options, [&] { return storm.joined == all || now_ns() >= end; });
  int64_t to = now_ns();
  Usage after = usage_of(options.pids);
  int64_t drained = now_ns() + static_cast<int64_t>(options.drain * 1e9);
  while (storm.delivered < storm.due.size() && now_ns() < drained) loop.poll(1);

  Histogram joins;
  int64_t last = from;
  for (size_t i = kFirstJoiner; i < loop.connections.size(); i++)
    if (storm.whole_at[i] != 0) {
      joins.add(storm.whole_at[i] - from);
      last = std::max(last, storm.whole_at[i]);
    }
  bool heard = storm.delivered == storm.due.size() && storm.gaps == 0;
  Json json;
  json.number("document_bytes", storm.seeded_bytes)
      .number("joined", storm.joined)
      .number("all_s", (last - from) / 1e9)
      .raw("join_ms", joins.json())
      .raw("calm_ms", storm.calm.json())
      .raw("typist_ms", storm.stormy.json())
      .number("rss_before_kb", static_cast<uint64_t>(before.rss_kb))
      .number("bytes_in", loop.counts.bytes)
      .flag("complete", storm.joined == all && heard && loop.counts.unparsed == 0 && !loop.lost_any());
  add_usage(json, before, after, (to - from) / 1e9);
  add_loop(json, loop);
  print_result(json);
  return 0;
}
