// People who type: who sent what when, and what of it each of the others has heard.
#pragma once
#include <cstdint>
#include <vector>

#include "loop.hpp"
#include "measure.hpp"

class Typing : public Listener {
 public:
  struct Writer {
    int document = 0, place = 0;  // the place among its document's writers
    uint32_t id = 0;
    int connection = 0, hearers = 0;
    uint64_t sent = 0, heard_by_all = 0, acknowledged = 0, acks_before = 0, cursor = 0;
    std::vector<int64_t> due;      // of each update, and of the cursor that went with it
    std::vector<uint16_t> heard;   // by how many
  };
  struct Counts {
    uint64_t delivered = 0, echoes = 0, gaps = 0, repeats = 0, stray = 0, acks = 0, cursors = 0;
  };

  explicit Typing(const Options& options);

  Loop loop;
  std::vector<Writer> writers;
  std::vector<int> ready;  // writers whose last updates everybody has
  Counts counts;
  Histogram updates, cursors, acks;
  int64_t measure_from = INT64_MAX, measure_to = INT64_MAX;

  void type(int writer, int64_t due);
  void begin();  // after all are synced: acknowledgements count from here
  uint64_t expected() const;
  bool cursors_settled() const;  // everybody knows where everybody's cursor is
  bool acks_settled() const;

  void opened(Connection& connection) override;
  void synced(Connection& connection) override;
  void update(Connection& connection, const uint8_t* bytes, size_t size, bool first) override;
  void awareness(Connection& connection, const uint8_t* bytes, size_t size) override;
  void acknowledged(Connection& connection) override;

 private:
  void heard(Connection& connection, uint64_t client, uint64_t clock, uint64_t length);
  void send_cursor(Writer& writer);
  bool measured(int64_t due) const { return due >= measure_from && due < measure_to; }

  const Options& options_;
  std::vector<int> writer_of_;                    // connection -> writer, or -1
  std::vector<std::vector<uint64_t>> next_;       // connection -> the next clock of each writer of its document
  std::vector<std::vector<uint64_t>> cursor_of_;  // connection -> the last cursor of each writer of its document
};
