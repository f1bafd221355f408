// What the harness has asked for; generator.py writes the command line.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

// bare: y-websocket's frames with no handshake, for the C loop. text: whatever is to be said and awaited first.
enum class Protocol { y_websocket, hocuspocus, bare, text };

// One step of a subscriber's greeting: a message to say, or the beginning of one to wait for.
struct Step {
  bool say;
  std::string text;
};

struct Options {
  std::string mode = "run", path = "/{room}", room = "bench", file, dump;
  Protocol protocol = Protocol::y_websocket;
  int port = 0;
  int reader_port = 0;  // another node's, for the readers
  int writer_port = 0;  // where events are published as lines, when not by messages
  std::vector<int> pids;  // of the server; their children are counted with them
  int documents = 1, writers = 1, readers = 10;
  int window = 1;     // updates in flight of one writer, when there is no rate
  int together = 64;  // connections being opened at a time
  int count = 1;
  double rate = 0;    // updates per second of one writer
  double warmup = 1, seconds = 5, drain = 10, settle = 0.5, timeout = 60;
  bool cursors = false;  // each keystroke moves a cursor
  bool echo = false;     // send back what is heard of others' cursors, as y-websocket's clients do
  bool acks = false;     // measure acknowledgements
  bool hold = false;     // stay connected after the result, until standard input ends
  // Of events: what a subscriber says and awaits, what a publisher sends for each ({event} is the event's text), where
  // it is posted (empty: it is a message), and how long the text is.
  std::vector<Step> greeting;
  std::string publish = "{event}", post, head;  // head: the first line of a publisher of lines
  int size = 100;
  uint64_t expect_clock = 0;
  uint32_t expect_client = 0, client_base = 0;
};

Options parse_options(int count, char** words);
[[noreturn]] void die(const char* format, ...);
