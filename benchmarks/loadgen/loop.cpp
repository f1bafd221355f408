#include "loop.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.hpp"
#include "yjs.hpp"

namespace {

constexpr size_t kBuffer = 1 << 20, kEvents = 2048;

// The length of the frame at `bytes` with its header; 0 when too little is there to tell.
uint64_t frame_size(const uint8_t* bytes, size_t size, size_t* header) {
  if (size < 2) return 0;
  uint64_t length = bytes[1] & 127;
  *header = length == 126 ? 4 : length == 127 ? 10 : 2;
  if (size < *header) return 0;
  if (*header == 2) return 2 + length;
  length = 0;
  for (size_t i = 2; i < *header; i++) length = length << 8 | bytes[i];
  return *header + length;
}

}  // namespace

Loop::Loop(const Options& options, Listener& listener)
    : options_(options), listener_(listener), epoll_(epoll_create1(0)), buffer_(kBuffer) {
  for (int i = 0; i < options.documents; i++) {
    rooms_.push_back(options.documents == 1 ? options.room : options.room + "-" + std::to_string(i));
    prefixes_.emplace_back();
    if (options.protocol == Protocol::hocuspocus) put_string(prefixes_.back(), rooms_.back());
  }
}

void Loop::start(Connection& connection) {
  connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (connection.fd < 0) die("socket: %s", strerror(errno));
  int one = 1;
  setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  linger reset{1, 0};  // no TIME_WAIT: thousands of connections come and go
  setsockopt(connection.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(connection.port ? connection.port : options_.port);
  connection.began = now_ns();
  connection.state = Connection::State::connecting;
  if (connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0 && errno != EINPROGRESS)
    die("connect: %s", strerror(errno));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP;
  event.data.u32 = connection.index;
  connection.wants_write = true;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
}

void Loop::stop(Connection& connection) {
  if (connection.state == Connection::State::dead) return;
  if (connection.synced) counts.synced--;
  connection.synced = false;
  connection.state = Connection::State::dead;
  shutdown(connection.fd, SHUT_RDWR);
  close(connection.fd);
}

void Loop::lose(Connection& connection, const std::string& why) {
  if (connection.state == Connection::State::dead) return;
  stop(connection);
  counts.lost++;
  last_close = why;
}

void Loop::poll(int milliseconds) {
  static epoll_event events[kEvents];
  int64_t before = now_ns();
  int ready = epoll_wait(epoll_, events, kEvents, milliseconds);
  if (ready <= 0) {
    counts.idle_ns += now_ns() - before;
    return;
  }
  for (int i = 0; i < ready; i++) {
    Connection& connection = connections[events[i].data.u32];
    if (connection.state == Connection::State::dead) continue;
    if (events[i].events & EPOLLOUT) writable(connection);
    if (connection.state != Connection::State::dead && (events[i].events & ~EPOLLOUT)) readable(connection);
  }
}

void Loop::poll_for(double seconds) {
  for (int64_t end = now_ns() + static_cast<int64_t>(seconds * 1e9); now_ns() < end;) poll(1);
}

bool Loop::open_all(size_t from, size_t to, size_t alone) {
  size_t started = from;
  uint64_t base = counts.synced + counts.lost;
  int64_t end = now_ns() + static_cast<int64_t>(options_.timeout * 1e9);
  for (;;) {
    size_t settled = counts.synced + counts.lost - base;
    if (settled >= to - from || now_ns() > end) break;
    while (started < to && started - from - settled < static_cast<size_t>(options_.together) &&
           (started - from < alone || settled >= alone))
      start(connections[started++]);
    poll(1);
  }
  return counts.synced + counts.lost - base == to - from && counts.lost == 0;
}

// ---------------------------------------------------------------------------------------------------- bytes

void Loop::interest(Connection& connection, bool write) {
  if (connection.wants_write == write) return;
  connection.wants_write = write;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET | EPOLLRDHUP | (write ? static_cast<uint32_t>(EPOLLOUT) : 0u);
  event.data.u32 = connection.index;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd, &event);
}

void Loop::push(Connection& connection, const char* bytes, size_t size) {
  if (connection.state == Connection::State::dead) return;
  if (connection.out.empty()) {
    ssize_t sent = send(connection.fd, bytes, size, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return lose(connection, std::string("send: ") + strerror(errno));
    if (sent < 0) sent = 0;
    if (static_cast<size_t>(sent) == size) return;
    bytes += sent;
    size -= sent;
  }
  connection.out.append(bytes, size);
  interest(connection, true);
}

void Loop::writable(Connection& connection) {
  if (connection.state == Connection::State::connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(connection.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) return lose(connection, std::string("connect: ") + strerror(error));
    interest(connection, false);
    if (connection.kind == Connection::Kind::plain) {
      connection.state = Connection::State::open;
      return mark_synced(connection);
    }
    connection.state = Connection::State::upgrading;
    std::string path = options_.path;
    if (size_t at = path.find("{room}"); at != std::string::npos) path.replace(at, 6, rooms_[connection.document]);
    std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options_.port) +
                          "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://127.0.0.1\r\n\r\n";
    return push(connection, request.data(), request.size());
  }
  if (connection.out.empty()) return interest(connection, false);
  ssize_t sent = send(connection.fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN) lose(connection, std::string("send: ") + strerror(errno));
    return;
  }
  connection.out.erase(0, sent);
  if (connection.out.empty()) interest(connection, false);
}

void Loop::readable(Connection& connection) {
  for (;;) {
    ssize_t got = recv(connection.fd, buffer_.data(), kBuffer, 0);
    counts.receives++;
    if (got < 0) {
      if (errno != EAGAIN && errno != EINTR) lose(connection, strerror(errno));
      return;
    }
    if (got == 0) return lose(connection, "the server closed the connection");
    counts.bytes += got;
    heard_at = now_ns();
    if (connection.in.empty()) {
      size_t used = consume(connection, buffer_.data(), got);
      if (connection.state == Connection::State::dead) return;
      if (used < static_cast<size_t>(got)) connection.in.assign(reinterpret_cast<char*>(&buffer_[used]), got - used);
    } else {
      connection.in.append(reinterpret_cast<char*>(buffer_.data()), got);
      // A large frame arrives in hundreds of parts: look again only when it is whole.
      size_t header = 0;
      uint64_t needed = 0;
      if (connection.state == Connection::State::open)
        needed = frame_size(reinterpret_cast<const uint8_t*>(connection.in.data()), connection.in.size(), &header);
      if (needed > connection.in.capacity()) connection.in.reserve(needed);
      if (connection.in.size() >= needed) {
        std::string whole;
        whole.swap(connection.in);
        size_t used = consume(connection, reinterpret_cast<const uint8_t*>(whole.data()), whole.size());
        if (connection.state == Connection::State::dead) return;
        if (used < whole.size()) connection.in.assign(whole, used, std::string::npos);
      }
    }
    if (static_cast<size_t>(got) < kBuffer) return;
  }
}

// ---------------------------------------------------------------------------------------------------- frames

size_t Loop::consume(Connection& connection, const uint8_t* bytes, size_t size) {
  if (connection.kind == Connection::Kind::plain) {
    listener_.text(connection, bytes, size);
    return size;
  }
  if (connection.state != Connection::State::upgrading) return frames(connection, bytes, size);
  auto* end = static_cast<const uint8_t*>(memmem(bytes, size, "\r\n\r\n", 4));
  if (end == nullptr) return 0;
  size_t head = end + 4 - bytes;
  if (size < 13 || memcmp(bytes + 9, "101", 3) != 0) {
    lose(connection, "HTTP: " + std::string(reinterpret_cast<const char*>(bytes), std::min<size_t>(size, 200)));
    return size;
  }
  connection.state = Connection::State::open;
  connection.opened = now_ns();
  greet(connection);
  listener_.opened(connection);
  return head + frames(connection, bytes + head, size - head);
}

size_t Loop::frames(Connection& connection, const uint8_t* bytes, size_t size) {
  size_t at = 0;
  while (at < size) {
    if (connection.skip_left > 0) {
      uint64_t part = std::min<uint64_t>(connection.skip_left, size - at);
      connection.skip_left -= part;
      connection.skimmed += part;
      at += part;
      if (connection.skip_left == 0) mark_synced(connection);
      continue;
    }
    size_t header = 0;
    const uint8_t* frame = bytes + at;
    uint64_t whole = frame_size(frame, size - at, &header);
    if (whole == 0) break;
    if (frame[1] & 128) die("the server masked a frame");
    if (frame[0] & 0x70) die("the server set reserved bits");
    int opcode = frame[0] & 15;
    if (connection.skim && opcode == 2 && whole > kBuffer) {
      counts.frames++;
      connection.skip_left = whole;
      continue;
    }
    if (size - at < whole) break;
    const uint8_t* payload = frame + header;
    size_t length = whole - header;
    bool final = frame[0] & 128;
    at += whole;
    if (opcode >= 8) {
      control(connection, opcode, payload, length);
    } else if (opcode == 0 || !final) {
      connection.fragments.append(reinterpret_cast<const char*>(payload), length);
      if (final) {
        std::string joined;
        joined.swap(connection.fragments);
        message(connection, reinterpret_cast<const uint8_t*>(joined.data()), joined.size());
      }
    } else {
      message(connection, payload, length);
    }
    if (connection.state == Connection::State::dead) return at;
  }
  return at;
}

void Loop::control(Connection& connection, int opcode, const uint8_t* bytes, size_t size) {
  if (opcode == 9) {
    gather(std::string(reinterpret_cast<const char*>(bytes), size), 10);
    flush(connection);
  } else if (opcode == 8) {
    int code = size >= 2 ? bytes[0] << 8 | bytes[1] : 0;
    std::string reason = size > 2 ? std::string(reinterpret_cast<const char*>(bytes) + 2, size - 2) : "";
    lose(connection, "closed with " + std::to_string(code) + " " + reason);
  }
}

void Loop::gather(const std::string& message, uint8_t opcode) {
  static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
  size_t size = message.size();
  outgoing_ += static_cast<char>(0x80 | opcode);
  if (size < 126) {
    outgoing_ += static_cast<char>(0x80 | size);
  } else if (size < 65536) {
    outgoing_ += static_cast<char>(0x80 | 126);
    outgoing_ += static_cast<char>(size >> 8);
    outgoing_ += static_cast<char>(size);
  } else {
    outgoing_ += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) outgoing_ += static_cast<char>(static_cast<uint64_t>(size) >> shift);
  }
  outgoing_.append(reinterpret_cast<const char*>(mask), 4);
  size_t from = outgoing_.size();
  outgoing_ += message;
  for (size_t i = 0; i < size; i++) outgoing_[from + i] ^= mask[i & 3];
}

void Loop::flush(Connection& connection) {
  push(connection, outgoing_.data(), outgoing_.size());
  outgoing_.clear();
}

// ---------------------------------------------------------------------------------------------------- protocols

void Loop::send_sync(Connection& connection, int step, const std::string& payload) {
  std::string bytes = prefixes_[connection.document];
  put_uint(bytes, 0);
  put_uint(bytes, step);
  put_string(bytes, payload);
  gather(bytes);
}

void Loop::send_awareness(Connection& connection, const std::string& update) {
  std::string bytes = prefixes_[connection.document];
  put_uint(bytes, 1);
  put_string(bytes, update);
  gather(bytes);
}

void Loop::send_text(Connection& connection, const std::string& text) {
  if (connection.kind == Connection::Kind::plain) return push(connection, text.data(), text.size());
  gather(text, 1);
  flush(connection);
}

// Say what is to be said up to the next message that is waited for.
void Loop::go_on(Connection& connection) {
  const std::vector<Step>& greeting = options_.greeting;
  for (; connection.step < greeting.size() && greeting[connection.step].say; connection.step++)
    send_text(connection, greeting[connection.step].text);
  if (connection.step == greeting.size()) mark_synced(connection);
}

void Loop::greet(Connection& connection) {
  if (options_.protocol == Protocol::text) return go_on(connection);
  if (options_.protocol == Protocol::bare) return mark_synced(connection);
  if (options_.protocol == Protocol::y_websocket) {
    send_sync(connection, 0, std::string(1, 0));
  } else {
    std::string bytes = prefixes_[connection.document];
    put_uint(bytes, 2);  // authentication: a token
    put_uint(bytes, 0);
    put_string(bytes, "");
    put_string(bytes, "4.7.0");
    gather(bytes);
  }
  flush(connection);
}

void Loop::mark_synced(Connection& connection) {
  if (connection.synced) return;
  connection.synced = true;
  counts.synced++;
  listener_.synced(connection);
}

void Loop::sync(Connection& connection, Reader& reader) {
  uint64_t step = reader.uint(), size = reader.uint();
  const uint8_t* payload = reader.take(size);
  if (payload == nullptr || step > 2) {
    counts.unparsed++;
  } else if (step == 0) {
    send_sync(connection, 1, std::string(2, 0));
    flush(connection);
  } else {
    listener_.update(connection, payload, size, step == 1);
    if (step == 1) mark_synced(connection);
  }
}

void Loop::message(Connection& connection, const uint8_t* bytes, size_t size) {
  counts.frames++;
  if (options_.protocol == Protocol::text) {
    if (connection.synced) return listener_.text(connection, bytes, size);
    const std::string& awaited = options_.greeting[connection.step].text;
    if (size < awaited.size() || memcmp(bytes, awaited.data(), awaited.size()) != 0) return;
    connection.step++;
    return go_on(connection);
  }
  Reader reader{bytes, bytes + size};
  if (options_.protocol == Protocol::hocuspocus) {
    uint64_t length = reader.uint();
    const uint8_t* name = reader.take(length);
    const std::string& wanted = rooms_[connection.document];
    if (name == nullptr || length != wanted.size() || memcmp(name, wanted.data(), length) != 0) counts.leaks++;
  }
  // Some servers put several y-websocket messages into one frame.
  while (reader.ok && reader.at < reader.end) {
    uint64_t kind = reader.uint();
    if (kind == 0 || (kind == 4 && options_.protocol == Protocol::hocuspocus)) {
      sync(connection, reader);
    } else if (kind == 1) {
      uint64_t length = reader.uint();
      const uint8_t* payload = reader.take(length);
      if (payload == nullptr) {
        counts.unparsed++;
      } else {
        listener_.awareness(connection, payload, length);
      }
    } else if (kind == 2 && options_.protocol == Protocol::hocuspocus) {
      uint64_t word = reader.uint();
      if (word == 1) counts.denied++;
      if (word == 2) {
        send_sync(connection, 0, std::string(1, 0));
        flush(connection);
      }
      return;
    } else if (kind == 8 && options_.protocol == Protocol::hocuspocus) {
      if (reader.uint() == 1) {
        listener_.acknowledged(connection);
      } else {
        counts.denied++;
      }
      return;
    } else {
      return;
    }
  }
}
