// SPDX-License-Identifier: Apache-2.0
#include "journal/word_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <ctime>

#include "io/descriptor.hpp"
#include "io/posix_file.hpp"
#include "journal/heal.hpp"
#include "journal/io_errors.hpp"
#include "journal/slot_file.hpp"
#include "journal/words.hpp"
#include "text/utf8.hpp"

namespace storemark {
namespace {

constexpr std::string_view audit_name = "storemark.audit";
constexpr std::string_view backup_prefix = "storemark.journal.backup-";

Error failure(const char* call, const std::string& what, const std::filesystem::path& where) {
  return to_error(io::IoError{errno, call, 0}, what, where.string());
}

Result<void> write_all(int fd, std::string_view text, const std::string& what,
                       const std::filesystem::path& where) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return tl::unexpected(failure("write", what, where));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return tl::unexpected(failure("fsync", what, where));
  return {};
}

Result<void> sync_directory(const std::filesystem::path& directory, const std::string& what) {
  const io::Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) {
    return tl::unexpected(failure("fsync the directory", what, directory));
  }
  return {};
}

/// What is no UTF-8 (a name from the environment, say) is told byte by byte.
std::string json_text(std::string_view text) {
  const bool utf8 = is_utf8(text);
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !utf8)) {
      out += "\\u00";
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string rfc3339(std::int64_t nanoseconds) {
  const auto seconds = static_cast<std::time_t>(nanoseconds / 1'000'000'000);
  std::tm utc{};
  std::array<char, 32> text{};
  ::gmtime_r(&seconds, &utc);
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {text.data(), size};
}

/// At most this much is read of a file that calls itself a backup.
Result<std::string> read_file(const std::filesystem::path& path, const std::string& what) {
  const io::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) return tl::unexpected(failure("open", what, path));
  std::string text(layout::file_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(fd.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(failure("read", what, path));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

recovery::Evidence decode_file(const std::string& text) {
  recovery::Evidence evidence;
  evidence.file_bytes = text.size();
  const auto block = [&](std::uint64_t offset) {
    return codec::SlotView(reinterpret_cast<const std::byte*>(text.data()) + offset,
                           layout::slot_bytes);
  };
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    evidence.slots.at(slot) = codec::decode(block(layout::slot_offset(slot)), slot);
  }
  for (std::size_t pair = 0; pair < layout::pair_count; ++pair) {
    evidence.anchors.at(pair) =
        codec::decode(block(layout::anchor_offset(pair)), layout::anchor_place(pair));
  }
  return evidence;
}

}  // namespace

std::string backup_name(const std::filesystem::path& directory, std::uint64_t generation) {
  const std::string plain = std::string(backup_prefix) + std::to_string(generation);
  std::string name = plain;
  std::error_code ignored;
  for (int n = 1; std::filesystem::exists(directory / name, ignored); ++n) {
    name = plain + "." + std::to_string(n);
  }
  return name;
}

Result<std::filesystem::path> back_up(const std::filesystem::path& directory,
                                      std::uint64_t generation) {
  const std::string what = "the journal could not be backed up";
  const auto text = read_file(directory / journal_file_name, what);
  if (!text) return tl::unexpected(text.error());
  std::filesystem::path path = directory / backup_name(directory, generation);
  const io::Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return tl::unexpected(failure("open", what, path));
  auto done = write_all(fd.get(), *text, what, path);
  if (done) done = sync_directory(directory, what);
  if (!done) {
    ::unlink(path.c_str());  // half a backup is none, and takes what space there is
    return tl::unexpected(done.error());
  }
  return path;
}

Result<void> append_audit(const std::filesystem::path& directory, const AuditLine& line) {
  const std::string what = "the audit log could not be written";
  const std::filesystem::path path = directory / audit_name;
  const std::string text = "{\"when\":" + json_text(rfc3339(line.when)) +
                           ",\"word\":" + json_text(line.word) + ",\"who\":" + json_text(line.who) +
                           ",\"reason\":" + json_text(line.reason) +
                           ",\"sequence\":" + std::to_string(line.sequence) +
                           ",\"generation\":" + std::to_string(line.generation) +
                           ",\"backup\":" + json_text(line.backup) + "}\n";
  const io::Descriptor fd(::open(
      path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  struct stat stat {};
  if (fd && ::fstat(fd.get(), &stat) == 0 && !S_ISREG(stat.st_mode)) errno = ENXIO;
  if (!fd || !S_ISREG(stat.st_mode)) return tl::unexpected(failure("open", what, path));
  if (auto written = write_all(fd.get(), text, what, path); !written) return written;
  return sync_directory(directory, what);
}

std::optional<Record> find_backup(const std::filesystem::path& directory, const Record& now) {
  std::optional<Record> best;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    if (!entry.path().filename().string().starts_with(backup_prefix)) continue;
    const auto text = read_file(entry.path(), "");
    if (!text || text->size() != layout::file_bytes) continue;
    // As an open would have read and healed it: what it may not be taken for, an undo may not make
    // of it.
    const recovery::Reading reading = recovery::read(decode_file(*text), StoreFacts{});
    if (!reading.verdict.record) continue;
    Record record = healed_record(reading);
    const bool newer = !best || record.generation > best->generation;
    if (newer && stood_before_word(record, now)) best = std::move(record);
  }
  return best;
}

}  // namespace storemark
