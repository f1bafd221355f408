// Connections to the server under test: one epoll loop, WebSocket frames, and the handshakes of the protocols.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "options.hpp"

struct Connection {
  enum class State { idle, connecting, upgrading, open, dead };
  enum class Kind { websocket, plain };  // plain: no handshake and no frames, for lines and for requests
  Kind kind = Kind::websocket;
  int index = 0, document = 0, fd = -1;
  int port = 0;  // 0: the one of the options
  State state = State::idle;
  size_t step = 0;  // of the greeting
  bool synced = false, wants_write = false;
  // Do not keep a frame above a megabyte, only count its bytes: memory for hundreds of copies of a large document.
  bool skim = false;
  uint64_t skip_left = 0, skimmed = 0;
  int64_t began = 0, opened = 0;
  std::string in, out, fragments;
};

// What a load wants to hear. `first` tells a SyncStep2 from an update.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void opened(Connection&) {}
  virtual void synced(Connection&) {}
  virtual void update(Connection&, const uint8_t* bytes, size_t size, bool first) = 0;
  virtual void awareness(Connection&, const uint8_t*, size_t) {}
  virtual void acknowledged(Connection&) {}
  virtual void text(Connection&, const uint8_t*, size_t) {}   // a message, or what came on a plain connection
};

class Loop {
 public:
  struct Counts {
    uint64_t frames = 0, bytes = 0, synced = 0, lost = 0, denied = 0, leaks = 0, unparsed = 0, receives = 0;
    int64_t idle_ns = 0;
  };

  Loop(const Options& options, Listener& listener);

  std::vector<Connection> connections;  // their number is fixed before the first start()
  Counts counts;
  int64_t heard_at = 0;   // when the bytes being handled arrived
  std::string last_close; // why the last lost connection was lost

  void start(Connection& connection);
  void stop(Connection& connection);  // not counted as lost
  void poll(int milliseconds);
  void poll_for(double seconds);
  // Opens connections [from, to), the first one of each document alone, until all are synced. False when some are not.
  bool open_all(size_t from, size_t to, size_t alone);

  void send_update(Connection& connection, const std::string& update) { send_sync(connection, 2, update); }
  void send_awareness(Connection& connection, const std::string& update);
  void flush(Connection& connection);  // sends the frames gathered by the two above
  void send_text(Connection& connection, const std::string& text);
  size_t waiting(const Connection& connection) const { return connection.out.size(); }
  bool lost_any() const { return counts.lost > 0; }

 private:
  void interest(Connection& connection, bool write);
  void lose(Connection& connection, const std::string& why);
  void gather(const std::string& message, uint8_t opcode = 2);
  void send_sync(Connection& connection, int step, const std::string& payload);
  void push(Connection& connection, const char* bytes, size_t size);
  void readable(Connection& connection);
  void writable(Connection& connection);
  size_t consume(Connection& connection, const uint8_t* bytes, size_t size);
  size_t frames(Connection& connection, const uint8_t* bytes, size_t size);
  void control(Connection& connection, int opcode, const uint8_t* bytes, size_t size);
  void greet(Connection& connection);
  void go_on(Connection& connection);
  void message(Connection& connection, const uint8_t* bytes, size_t size);
  void sync(Connection& connection, struct Reader& reader);
  void mark_synced(Connection& connection);

  const Options& options_;
  Listener& listener_;
  int epoll_;
  std::vector<uint8_t> buffer_;
  std::string outgoing_;
  std::vector<std::string> rooms_, prefixes_;  // of each document; Hocuspocus' messages begin with its name
};
