// SPDX-License-Identifier: Apache-2.0
// Whatever stands in the journal's place: a named outcome, quickly, in bounded memory, and nothing
// written.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <chrono>
#include <cstring>
#include <random>

#include "io/descriptor.hpp"
#include "journal/layout.hpp"
#include "journal_api/operator_fixture.hpp"
#include "process/child.hpp"

namespace storemark::real {
namespace {

std::string noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

void make_socket(const fs::path& path) {
  const io::Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.string().size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.string().size());
  ASSERT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

/// What stands there, and what every call must say of it.
struct Case {
  const char* name;
  void (*make)(const RealStore&);
  Errc error;           ///< of all that need a journal
  Diagnosis diagnosis;  ///< of examine; none: examine gives the error too
  bool adoptable = false;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

void make_truncated(const RealStore& store, std::uint64_t size) {
  store.leave_clean(10);
  fs::resize_file(store.file(), size);
}

constexpr auto foreign = Errc::not_a_journal;
constexpr auto damaged = Errc::journal_damaged;

const std::array cases{
    Case{"directory", [](const RealStore& s) { fs::create_directory(s.file()); }, foreign,
         Diagnosis::none},
    Case{"link_to_a_journal",
         [](const RealStore& s) {
           s.leave_dirty(5);
           fs::rename(s.file(), s.directory() / "elsewhere");
           fs::create_symlink("elsewhere", s.file());
         },
         foreign, Diagnosis::none},
    Case{"dangling_link", [](const RealStore& s) { fs::create_symlink("nowhere", s.file()); },
         foreign, Diagnosis::none},
    Case{"link_to_itself",
         [](const RealStore& s) { fs::create_symlink(s.file().filename(), s.file()); }, foreign,
         Diagnosis::none},
    Case{"fifo", [](const RealStore& s) { ASSERT_EQ(::mkfifo(s.file().c_str(), 0600), 0); },
         foreign, Diagnosis::none},
    Case{"socket", [](const RealStore& s) { make_socket(s.file()); }, foreign, Diagnosis::none},
    Case{"program", [](const RealStore& s) { fs::copy_file("/bin/true", s.file()); }, foreign,
         Diagnosis::foreign},
    Case{"text", [](const RealStore& s) { write_file(s.file(), "state: clean\nsequence: 10\n"); },
         foreign, Diagnosis::foreign},
    Case{"one_byte", [](const RealStore& s) { write_file(s.file(), "S"); }, foreign,
         Diagnosis::foreign},
    Case{"noise", [](const RealStore& s) { write_file(s.file(), noise(1'000'000, 1)); }, foreign,
         Diagnosis::foreign},
    Case{"noise_of_our_size",
         [](const RealStore& s) { write_file(s.file(), noise(layout::file_bytes, 2)); }, damaged,
         Diagnosis::damaged, true},
    Case{"zeros_of_our_size", [](const RealStore& s) { s.zero_all_slots_and_anchors(); }, damaged,
         Diagnosis::damaged, true},
    Case{"nothing_but_our_magic",
         [](const RealStore& s) { write_file(s.file(), std::string("STORMARK") + noise(9000, 3)); },
         damaged, Diagnosis::damaged, true},
    Case{"zero_length", [](const RealStore& s) { write_file(s.file(), ""); }, damaged,
         Diagnosis::damaged, true},
    Case{"truncated_in_the_first_slot",
         [](const RealStore& s) { make_truncated(s, layout::slot_bytes - 1); }, damaged,
         Diagnosis::damaged, true},
    Case{"truncated_by_one_byte",
         [](const RealStore& s) { make_truncated(s, layout::file_bytes - 1); }, damaged,
         Diagnosis::damaged},
    Case{"truncated_to_one_slot", [](const RealStore& s) { make_truncated(s, layout::slot_bytes); },
         damaged, Diagnosis::damaged},
    Case{"grown_by_one_byte", [](const RealStore& s) { make_truncated(s, layout::file_bytes + 1); },
         damaged, Diagnosis::damaged},
    Case{"grown_to_a_tebibyte",
         [](const RealStore& s) { make_truncated(s, std::uint64_t{1} << 40); }, damaged,
         Diagnosis::damaged},
};

class BadInputTest : public OperatorTest, public testing::WithParamInterface<Case> {
 protected:
  static std::int64_t resident_kilobytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  }

  /// Runs the calls; expects them to be over soon, and to have taken little memory.
  template <class Calls>
  static void bounded(Calls calls) {
    using namespace std::chrono_literals;
    const auto began = std::chrono::steady_clock::now();
    const std::int64_t kilobytes = resident_kilobytes();
    calls();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
    EXPECT_LT(resident_kilobytes() - kilobytes, 256 * 1024);
  }

  void expect_examined(const Case& c) const {
    const DirectoryImage before = images_in(directory());
    for (const StoreFacts& facts : {StoreFacts{}, nothing(), data(10)}) {
      const auto seen = examine(directory(), facts);
      if (c.diagnosis == Diagnosis::none) {
        EXPECT_TRUE(fails(seen, c.error));
      } else if (worked(seen)) {
        EXPECT_EQ(seen->verdict.diagnosis, c.diagnosis);
        EXPECT_NE(seen->verdict.state, StoreState::clean);
        EXPECT_FALSE(seen->verdict.why.empty());
        EXPECT_FALSE(seen->in_use);
      }
    }
    EXPECT_EQ(images_in(directory()), before);
  }

  static bool worked(const Result<Examination>& seen) {
    EXPECT_TRUE(ok(seen));
    return seen.has_value();
  }
};

TEST_P(BadInputTest, EveryCallNamesItAndWritesNothing) {
  const Case& c = GetParam();
  c.make(*this);
  if (HasFatalFailure()) return;
  bounded([&] {
    expect_examined(c);
    expect_refused(c.error, [&] { return open(nothing()); });
    expect_refused(c.error, [&] { return open(data()); });
    expect_refused(c.error, [&] { return open(data(10)); });
    expect_refused(c.error, [&] { return give_mark(mark(10)); });
    expect_refused(c.error, [&] { return discard(directory(), word(10)); });
    expect_refused(c.error, [&] { return undo(directory(), "test"); });
  });
}

TEST_P(BadInputTest, RepairAndAdoptTouchNothingThatIsNotTheirs) {
  const Case& c = GetParam();
  c.make(*this);
  if (HasFatalFailure()) return;
  const std::string before = fs::is_regular_file(fs::symlink_status(file())) &&
                                     fs::file_size(file()) <= 2 * layout::file_bytes
                                 ? bytes_of(file())
                                 : std::string();
  const bool readable = c.diagnosis == Diagnosis::damaged && !c.adoptable;
  bounded([&] {
    if (readable) {
      expect_refused(Errc::journal_exists, [&] { return adopt(directory(), adoption(10)); });
      const Repair done = must(repair(directory()));
      EXPECT_TRUE(done.rebuilt);
      EXPECT_NE(done.after.state, StoreState::clean);
      if (!before.empty()) {
        EXPECT_TRUE(same_bytes(bytes_of(done.backup), before));
      }
      return;
    }
    expect_refused(c.error, [&] { return repair(directory()); });
    if (!c.adoptable) {
      expect_refused(c.error, [&] { return adopt(directory(), adoption(10)); });
      return;
    }
    EXPECT_TRUE(same_bytes(bytes_of(must(adopt(directory(), adoption(10))).backup), before));
    EXPECT_EQ(examined().verdict.floor, 10U);
  });
}

INSTANTIATE_TEST_SUITE_P(What, BadInputTest, testing::ValuesIn(cases),
                         [](const auto& tested) { return std::string(tested.param.name); });

class NoisyJournalTest : public OperatorTest {};

TEST_F(NoisyJournalTest, AnyDamageToADirtyJournalGetsANamedAnswer) {
  leave_dirty(10);
  const std::string sound = bytes_of(file());
  std::mt19937 random(20260101);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (int round = 0; round < 200; ++round) {
    std::string bytes = sound;
    for (std::size_t hits = 1 + below(6); hits > 0; --hits) {
      const std::size_t at = below(bytes.size());
      const std::size_t size = 1 + below(std::size_t{1} << below(16));
      const std::string damage =
          noise(std::min(size, bytes.size() - at), static_cast<unsigned>(random()));
      bytes.replace(at, damage.size(), damage);
    }
    if (below(4) == 0) bytes.resize(below(2 * bytes.size()));
    write_file(file(), bytes);
    const auto seen = examine(directory());
    ASSERT_TRUE(ok(seen)) << "round " << round;
    EXPECT_TRUE(same_bytes(bytes_of(file()), bytes)) << "round " << round;
    EXPECT_NE(seen->verdict.state, StoreState::clean) << "round " << round;
    const auto opened = open();
    if (opened) {
      EXPECT_EQ(opened->verdict().floor, seen->verdict.floor) << "round " << round;
      EXPECT_EQ(opened->verdict().state, StoreState::dirty) << "round " << round;
    } else {
      const Errc code = opened.error().code;
      EXPECT_TRUE(code == Errc::journal_damaged || code == Errc::not_a_journal ||
                  code == Errc::store_lost)
          << "round " << round << ": " << to_string(opened.error());
      EXPECT_TRUE(same_bytes(bytes_of(file()), bytes)) << "round " << round;
    }
  }
}

TEST_F(NoisyJournalTest, StrangeThingsBesideTheJournalDoNotMatter) {
  leave_dirty(10);
  ASSERT_EQ(::mkfifo((directory() / "storemark.journal.backup-1").c_str(), 0600), 0);
  fs::create_directory(directory() / "storemark.journal.backup-2");
  fs::create_symlink("nowhere", directory() / "storemark.journal.backup-3");
  must(give_mark(mark(10)));
  EXPECT_TRUE(ok(undo(directory(), "test")));
}

TEST_F(NoisyJournalTest, AnAuditLogThatIsNoFileIsNotWaitedFor) {
  leave_dirty(10);
  ASSERT_EQ(::mkfifo((directory() / "storemark.audit").c_str(), 0600), 0);
  Child child([&](const Reporter&) { return give_mark(mark(10)) ? 1 : 0; });
  const Ending ending = child.wait(std::chrono::seconds(20));
  EXPECT_TRUE(ending.in_time) << "it waits for a reader";
  EXPECT_EQ(ending.status, 0) << "without a trail there is no word";
  EXPECT_EQ(examined().verdict.state, StoreState::dirty);
}

}  // namespace
}  // namespace storemark::real
