// SPDX-License-Identifier: Apache-2.0
#include "dirtier.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <vector>

#include "raw_file.hpp"

namespace storemark::bench {
namespace {

constexpr std::size_t piece = std::size_t{1} << 20;
constexpr off_t most = 64 * static_cast<off_t>(piece);
// In step with nothing that has a period here.
constexpr timespec pause{0, 61'300'000};

/// After a fork beside other threads: system calls only, on what was made before.
[[noreturn]] void make_dirty(const std::string& large, const std::string& small,
                             const std::vector<char>& bytes) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int fd = ::open(large.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  for (;;) {
    if (::write(fd, bytes.data(), bytes.size()) < 0 || ::lseek(fd, 0, SEEK_END) >= most) {
      if (::ftruncate(fd, 0) != 0) ::_exit(1);
    }
    const int other = ::open(small.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (other < 0 || ::write(other, bytes.data(), block_bytes) < 0) ::_exit(1);
    ::close(other);
    ::unlink(small.c_str());
    ::nanosleep(&pause, nullptr);
  }
}

}  // namespace

Dirtier::Dirtier(const std::filesystem::path& directory) {
  const std::string large = directory / "dirt";
  const std::string small = directory / "dirt-small";
  const std::vector<char> bytes(piece, 'd');
  child_ = ::fork();
  if (child_ < 0) give_up("fork");
  if (child_ == 0) make_dirty(large, small, bytes);
}

Dirtier::~Dirtier() {
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

}  // namespace storemark::bench
