// SPDX-License-Identifier: Apache-2.0
#include "update.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>

#include "change.hpp"
#include "sockets.hpp"
#include "tcp.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace minibroker {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds donor_patience{30};  ///< without one byte
constexpr std::size_t max_head = 256;
using Chunk = std::array<char, std::size_t{64} * 1024>;

void to_joiner(Stream& joiner, const void* bytes, std::size_t size) {
  if (!joiner.write(bytes, size)) fail("the joiner is gone");
}

void from_donor(Stream& donor, void* to, std::size_t size) {
  if (!donor.read(to, size)) throw std::runtime_error("the donor's copy is cut short");
}

void receive_copy(Stream& donor, int file, storemark::UpdateProgress& progress) {
  const auto head = donor.line(max_head);
  if (!head) throw std::runtime_error("the donor's copy is cut short");
  const std::uint64_t total = head->starts_with("COPY ") ? number_of(head->substr(5)) : 0;
  if (total == 0) throw std::runtime_error("the donor answers: " + head->substr(0, max_head));
  XXH3_state_t hash;
  XXH3_128bits_reset(&hash);
  Chunk chunk;
  for (std::uint64_t done = 0;;) {
    if (progress.cancelled()) throw std::runtime_error("the copy is of no use any more");
    std::uint32_t size = 0;
    from_donor(donor, &size, sizeof size);
    if (size == 0) break;
    if (size > chunk.size() || done + size > QueueStore::map_bytes) {
      throw std::runtime_error("the donor's copy is damaged: a length makes no sense");
    }
    from_donor(donor, chunk.data(), size);
    XXH3_128bits_update(&hash, chunk.data(), size);
    for (std::size_t at = 0; at < size;) {
      const ssize_t written = ::write(file, chunk.data() + at, size - at);
      if (written < 0) fail("cannot write the copy");
      at += static_cast<std::size_t>(written);
    }
    done += size;
    progress.report(done, std::max(done, total));  // the donor's store may have grown since
  }
  XXH128_hash_t sum;
  from_donor(donor, &sum, sizeof sum);
  if (XXH128_isEqual(sum, XXH3_128bits_digest(&hash)) == 0) {
    throw std::runtime_error("the donor's copy is damaged: wrong hash");
  }
}

}  // namespace

/// LMDB writes into one end of a pipe; what comes out at the other goes to the joiner.
void send_copy(const QueueStore& store, Stream& joiner, const std::function<bool()>& wanted,
               const GivingLimits& limits) {
  const std::uint64_t size_before = store.size();
  const auto check = [&](std::chrono::milliseconds waited) {
    if (!wanted()) throw std::runtime_error("nobody wants it any more");
    if (waited >= limits.patience) throw std::runtime_error("the joiner takes nothing");
    if (store.size() > size_before + limits.growth_bytes) {
      throw std::runtime_error("the joiner is so slow that the store grows");
    }
  };
  joiner.set_idle(check);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("cannot make a pipe");
  Descriptor in(ends[1]);
  std::future<void> copied;  // waited for after the pipe's reading end is closed, which ends it
  const Descriptor out(ends[0]);
  copied = std::async(std::launch::async, [&] {
    const Descriptor closing = std::move(in);
    store.copy_to(closing.get());
  });
  const std::string head = fmt::format("COPY {}\n", size_before);
  to_joiner(joiner, head.data(), head.size());
  XXH3_state_t hash;
  XXH3_128bits_reset(&hash);
  Chunk chunk;
  for (std::uint32_t size = 1; size > 0;) {
    const ssize_t got = ::read(out.get(), chunk.data(), chunk.size());
    if (got < 0) fail("cannot read the copy");
    check({});
    if (got == 0) copied.get();  // throws where it is not the whole
    size = static_cast<std::uint32_t>(got);
    XXH3_128bits_update(&hash, chunk.data(), size);
    to_joiner(joiner, &size, sizeof size);
    to_joiner(joiner, chunk.data(), size);
  }
  const XXH128_hash_t sum = XXH3_128bits_digest(&hash);
  to_joiner(joiner, &sum, sizeof sum);
}

void take_copy(const fs::path& directory, const storemark::UpdateTicket& donor,
               storemark::UpdateProgress& progress) {
  const fs::path store = directory / QueueStore::subdirectory;
  const fs::path incoming = store.string() + ".incoming";
  fs::remove_all(incoming);  // of an update that was cut
  fs::create_directory(incoming);
  const fs::path path = incoming / QueueStore::data_file;
  {
    const auto check = [&](std::chrono::milliseconds waited) {
      if (progress.cancelled()) throw std::runtime_error("the copy is of no use any more");
      if (waited >= donor_patience) throw std::runtime_error("the donor is silent");
    };
    Stream source(call_to(donor.address, check));
    source.set_idle(check);
    if (!source.write(fmt::format("UPDATE {}\n", to_string(donor.number)))) {
      fail("cannot ask the donor");
    }
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0) fail("cannot make " + path.string());
    receive_copy(source, file.get(), progress);
    if (::fsync(file.get()) != 0) fail("cannot sync " + path.string());
  }
  sync_path(incoming);
  fs::rename(incoming, store);
  sync_path(directory);
}

fs::path move_aside(const fs::path& directory) {
  for (int number = 1;; ++number) {
    fs::path backup = directory / fmt::format("backup.{:04}", number);
    // Made first: a rename would replace an empty directory that somebody else has just made.
    if (!fs::create_directory(backup)) continue;
    fs::rename(directory / QueueStore::subdirectory, backup);  // in the place of the empty one
    sync_path(directory);
    return backup;
  }
}

}  // namespace minibroker
