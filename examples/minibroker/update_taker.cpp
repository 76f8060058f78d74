// SPDX-License-Identifier: Apache-2.0
#include "update_taker.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "queue_store.hpp"
#include "sockets.hpp"
#include "update_stream.hpp"

namespace minibroker {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds donor_patience{30'000};  ///< without one byte
constexpr std::chrono::milliseconds cancel_period{100};
constexpr std::size_t max_head = 256;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Bytes from the donor, as many as are asked for.
class Source {
 public:
  Source(const storemark::UpdateTicket& donor, const storemark::UpdateProgress& progress)
      : socket_(call(donor.address, false)), progress_(progress) {
    const std::string request = fmt::format("UPDATE {}\n", to_string(donor.number));
    const ssize_t sent = ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request.size())) fail("cannot ask the donor");
  }

  void read(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
      wait();
      const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
      if (got < 0 && errno != EAGAIN && errno != EINTR) fail("the donor is gone");
      if (got == 0) throw std::runtime_error("the donor's copy is cut short");
      if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
  }

  /// A line, without its end.
  std::string line() {
    std::string line;
    for (std::uint8_t byte = 0; line.size() < max_head; line += static_cast<char>(byte)) {
      read({&byte, 1});
      if (byte == '\n') return line;
    }
    throw std::runtime_error("the donor's answer has no end");
  }

 private:
  void wait() {
    for (auto waited = cancel_period;; waited += cancel_period) {
      if (progress_.cancelled()) throw std::runtime_error("the copy is of no use any more");
      if (wait_for(socket_.get(), POLLIN, cancel_period)) return;
      if (waited >= donor_patience) throw std::runtime_error("the donor is silent");
    }
  }

  Descriptor socket_;
  const storemark::UpdateProgress& progress_;
};

std::uint64_t copy_size(const std::string& head) {
  constexpr std::string_view word = "COPY ";
  std::uint64_t size = 0;
  const char* const end = head.data() + head.size();
  if (!head.starts_with(word) || std::from_chars(head.data() + word.size(), end, size).ptr != end) {
    throw std::runtime_error("the donor answers: " + head);
  }
  return size;
}

void write_all(int file, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) fail("cannot write the copy");
    if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

/// The stream of update_stream.hpp, into a file.
void receive(Source& source, int file, storemark::UpdateProgress& progress) {
  const std::uint64_t total = copy_size(source.line());
  StreamHasher hasher;
  std::array<std::uint8_t, max_chunk_bytes> buffer;
  for (std::uint64_t done = 0;;) {
    std::array<std::uint8_t, chunk_head_bytes> head;
    source.read(head);
    const std::size_t size = chunk_bytes(head);
    if (size == 0) break;
    if (size > buffer.size() || done + size > QueueStore::map_bytes) {
      throw std::runtime_error("the donor's copy is damaged: a length makes no sense");
    }
    const std::span chunk(buffer.data(), size);
    source.read(chunk);
    hasher.add(chunk);
    write_all(file, chunk);
    done += size;
    progress.report(done, std::max(done, total));  // the donor's store may have grown since
  }
  StreamHash hash;
  source.read(hash);
  if (hash != hasher.hash()) throw std::runtime_error("the donor's copy is damaged: wrong hash");
}

}  // namespace

void take_copy(const fs::path& directory, const storemark::UpdateTicket& donor,
               storemark::UpdateProgress& progress) {
  const fs::path store = directory / QueueStore::subdirectory;
  const fs::path incoming = store.string() + ".incoming";
  fs::remove_all(incoming);  // of an update that was cut
  fs::create_directory(incoming);
  const fs::path path = incoming / QueueStore::data_file;
  {
    Source source(donor, progress);
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0) fail("cannot make " + path.string());
    receive(source, file.get(), progress);
    if (::fsync(file.get()) != 0) fail("cannot sync " + path.string());
  }
  sync_path(incoming);
  fs::rename(incoming, store);
  sync_path(directory);
}

fs::path move_aside(const fs::path& directory) {
  const fs::path store = directory / QueueStore::subdirectory;
  if (!fs::exists(store)) return {};
  for (int number = 1;; ++number) {
    const fs::path backup = directory / fmt::format("backup.{:04}", number);
    // Made first: a rename would replace an empty directory that somebody else has just made.
    std::error_code failed;
    if (!fs::create_directory(backup, failed)) {
      if (failed) throw fs::filesystem_error("cannot make", backup, failed);
      continue;
    }
    fs::rename(store, backup);  // in the place of the empty one
    sync_path(directory);
    return backup;
  }
}

}  // namespace minibroker
