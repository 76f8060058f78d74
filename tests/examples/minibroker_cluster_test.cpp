// SPDX-License-Identifier: Apache-2.0
// Three real minibrokers: founded, fed, killed, shut down, marked, and brought back.
#include "minibroker_cluster.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace minibroker {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;
const Names abc{"a", "b", "c"};

class MinibrokerClusterTest : public MinibrokerCluster {
 protected:
  [[nodiscard]] Names directories(const Names& names) const {
    Names all;
    for (const auto& name : names) all.push_back(directory(name));
    return all;
  }

  [[nodiscard]] Outcome plan(const Names& names, const std::string& wait_for = "3",
                             Names words = {}) const {
    words.insert(words.begin(), {"plan", "--wait-for", wait_for});
    for (const auto& path : directories(names)) words.push_back(path);
    return tool(words);
  }

  /// Started as they are, they wait, and an aborted start changes nothing but what is known.
  void look_into_the_stores() {
    for (const auto& name : abc) start(name);
    for (const auto& name : abc) member(name).await("waiting for an operator");
    EXPECT_EQ(client("a").ask("PUB q too early").substr(0, 9), "ERR SM405");
    for (const auto& name : abc) member(name).send(SIGTERM);
    for (const auto& name : abc) finish(name);
  }

  /// The operator types the first mark-clean that the plan offers.
  void mark_as_planned(const Names& names) {
    const Outcome offered = plan(names, "3", {"-o", "json"});
    EXPECT_EQ(offered.status, 4) << offered.out << offered.err;
    const auto answer = nlohmann::json::parse(offered.out);
    for (const auto& argv : answer.at("next")) {
      Names words = argv.get<Names>();
      if (words.size() < 2 || words[1] != "mark-clean") continue;
      words.erase(words.begin());
      const Outcome marked = tool(words);
      EXPECT_EQ(marked.status, 0) << marked.out << marked.err;
      return;
    }
    ADD_FAILURE() << "no mark is offered: " << offered.out;
  }
};

/// `count` lines, each of another text.
std::string text_of(const std::string& who, int count) {
  std::string text;
  for (int n = 1; n <= count; ++n) text += who + " line " + std::to_string(n) + "\n";
  return text;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// "queue id text" for each line whose publication was acknowledged, out of a sender's answers.
Names acknowledged(const std::string& queue, const std::string& who, const std::string& out) {
  Names all;
  std::istringstream stream(out);
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (!line.starts_with("OK ")) continue;
    all.push_back(queue + " " + line.substr(3) + " " + who + " line " + std::to_string(number));
  }
  return all;
}

void expect_each_once(const Names& wanted, const std::string& dump) {
  const Names held = lines_of(dump);
  for (const auto& line : wanted) EXPECT_EQ(std::ranges::count(held, line), 1) << line;
}

TEST_F(MinibrokerClusterTest, ThreeFoundAClusterAndEachHoldsEverything) {
  start("a").await("waiting for 2 of 3");
  start("b").await("waiting for 1 of 3");
  start("c");
  for (const auto& name : abc) member(name).await("active, one of 3");
  Running one = sender("a", "q", text_of("one", 300));
  Running two = sender("b", "q", text_of("two", 300));
  const Outcome first = one.wait();
  const Outcome second = two.wait();
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(second.status, 0) << second.err;
  shut_down(abc);

  const std::string held = expect_equal(abc);
  Names wanted = acknowledged("q", "one", first.out);
  std::ranges::move(acknowledged("q", "two", second.out), std::back_inserter(wanted));
  EXPECT_EQ(wanted.size(), 600U);
  EXPECT_EQ(lines_of(held).size(), 600U);
  expect_each_once(wanted, held);
  EXPECT_NE(held.find("\n# messages 600 sequence 600 digest "), std::string::npos);

  const Outcome planned = plan(abc);
  EXPECT_EQ(planned.status, 0) << planned.out;
  start_all(abc);
  publish("c", "q", 1, 10);
  shut_down(abc);
  EXPECT_EQ(lines_of(expect_equal(abc)).size(), 610U);
}

TEST_F(MinibrokerClusterTest, AKilledMemberComesBackWithAnUpdate) {
  start_all(abc);
  publish("a", "q", 1, 50);
  await_sequence("c", 50);
  kill("c");
  member("a").await("active, one of 2");
  publish("a", "q", 51, 100);
  publish("b", "q", 101, 150);

  Running& c = start("c");
  c.await("backup.0001");
  c.await("updated from");
  c.await("active, one of 3");
  publish("c", "q", 151, 160);
  shut_down(abc);
  EXPECT_EQ(lines_of(expect_equal(abc)).size(), 160U);
  EXPECT_TRUE(fs::exists(directory("c") + "/backup.0001/data.mdb"));
  EXPECT_FALSE(fs::exists(directory("c") + "/queues.incoming"));
}

TEST_F(MinibrokerClusterTest, AllKilledWaitForTheOperatorAndLoseNothingAcknowledged) {
  start_all(abc);
  Running one = sender("a", "q", text_of("one", 100'000));
  Running two = sender("b", "q", text_of("two", 100'000));
  one.await_output(200);
  two.await_output(200);
  for (const auto& name : abc) member(name).send(SIGKILL);
  for (const auto& name : abc) kill(name);
  const Outcome first = one.wait();
  const Outcome second = two.wait();
  for (const Outcome& cut : {first, second}) {
    EXPECT_EQ(cut.status, 1);
    EXPECT_NE(cut.err.find("the broker has gone"), std::string::npos) << cut.err;
  }
  Names wanted = acknowledged("q", "one", first.out);
  std::ranges::move(acknowledged("q", "two", second.out), std::back_inserter(wanted));
  ASSERT_GE(wanted.size(), 400U);

  look_into_the_stores();
  EXPECT_EQ(plan(abc).status, 4);
  mark_as_planned(abc);
  EXPECT_EQ(plan(abc).status, 0);
  start_all(abc);
  publish("b", "q", 1, 20);
  shut_down(abc);
  const std::string held = expect_equal(abc);
  expect_each_once(wanted, held);
  EXPECT_EQ(plan(abc).status, 0);
}

TEST_F(MinibrokerClusterTest, AMarkedStoreGoesOnAboveThoseItReplaces) {
  start_all(abc);
  publish("a", "q", 1, 20);
  for (const auto& name : abc) await_sequence(name, 20);
  for (const auto& name : abc) kill(name);
  look_into_the_stores();
  mark_as_planned(abc);  // at 20, above two others at 20: it goes on from 21
  start_all(abc);
  EXPECT_EQ(client("b").ask("PUB q after"), "OK 22");
  shut_down(abc);
  EXPECT_EQ(lines_of(expect_equal(abc)).size(), 21U);
}

TEST_F(MinibrokerClusterTest, AMarkedStoreThatHeldNothingIsGoneOnFrom) {
  start_all(abc);
  for (const auto& name : abc) kill(name);
  fs::remove_all(directory("a") + "/queues");
  Names words{"mark-clean", directory("a"), "--if-sequence", "0", "--reason", "nothing was sent"};
  words.insert(words.end(), {"--compared", directory("b"), directory("c")});
  const Outcome marked = tool(words);
  EXPECT_EQ(marked.status, 0) << marked.out << marked.err;
  start_all(abc);
  EXPECT_EQ(client("b").ask("PUB q after").substr(0, 3), "OK ");
  shut_down(abc);
  EXPECT_EQ(lines_of(expect_equal(abc)).size(), 1U);
}

TEST_F(MinibrokerClusterTest, WithPolicyLatestTheLastSurvivorsStoreNeedsNobody) {
  start_all(abc, {"--policy", "latest"});
  publish("a", "q", 1, 20);
  for (const auto& name : abc) await_sequence(name, 20);
  for (const auto& name : abc) kill(name);
  // Opened, the three say the same exact position; then the rule may choose.
  start_all(abc, {"--policy", "latest"});
  publish("a", "q", 21, 30);
  shut_down(abc);
  EXPECT_EQ(lines_of(expect_equal(abc)).size(), 30U);
}

TEST_F(MinibrokerClusterTest, AStoreWhoseMessagesWereChangedIsNotGoneOnFrom) {
  start("a", {"--wait-for", "1"}).await("alone");
  publish("a", "q", 1, 5);
  shut_down({"a"});
  const std::string data = directory("a") + "/queues/data.mdb";
  std::string bytes = content_of(data);
  std::size_t found = 0;
  for (std::size_t at = 0; (at = bytes.find("message 3", at)) != std::string::npos; ++found) {
    bytes[at] = 'M';
  }
  ASSERT_GT(found, 0U);
  std::ofstream(data, std::ios::binary) << bytes;
  EXPECT_EQ(dump("a").status, 6);
  start("a", {"--wait-for", "1"});
  const Outcome refused = member("a").wait();
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.err.find("not those that it took in"), std::string::npos) << refused.err;
  EXPECT_EQ(plan({"a"}, "1").status, 0) << "its journal is as it was";
}

TEST_F(MinibrokerClusterTest, AStoreOfAnotherClusterIsRefused) {
  start("d", {"--wait-for", "1", "--group", "local:" + (directory_ / "other").string()});
  member("d").await("alone");
  publish("d", "q", 1, 5);
  shut_down({"d"});
  const std::string before = dump("d").out;

  start_all(abc);
  publish("a", "q", 1, 5);
  Running& d = start("d");
  const Outcome refused = d.wait();
  EXPECT_EQ(refused.status, 8) << refused.err;
  EXPECT_NE(refused.err.find("SM404"), std::string::npos) << refused.err;
  members_.erase("d");
  EXPECT_EQ(dump("d").out, before);
  EXPECT_EQ(plan({"d"}, "1").status, 0) << "still clean";
  publish("a", "q", 6, 10);
  shut_down(abc);
}

TEST_F(MinibrokerClusterTest, AJoinerIsUpdatedUnderLoadAlsoWhenItStops) {
  start_all(abc);
  // A store of some megabytes, so that the copy takes its time.
  {
    LineClient filling = client("a");
    const std::string text(30'000, 'x');
    for (int i = 0; i < 300; ++i) filling.send("PUB big " + text + "\n");
    for (int i = 0; i < 300; ++i) ASSERT_EQ(filling.line().substr(0, 3), "OK ");
  }
  Running load = sender("b", "q", text_of("load", 3000), {"--rate", "1500"});
  Running& d = start("d");
  d.await("taking an update");
  d.send(SIGSTOP);
  publish("a", "q", 1, 200);  // the others go on without it
  d.send(SIGCONT);
  d.await("active, one of 4");
  const Outcome loaded = load.wait();
  EXPECT_EQ(loaded.status, 0) << loaded.err;
  const Names all{"a", "b", "c", "d"};
  shut_down(all);
  const std::string held = expect_equal(all);
  expect_each_once(acknowledged("q", "load", loaded.out), held);
  EXPECT_EQ(lines_of(held).size(), 3500U);
}

TEST_F(MinibrokerClusterTest, AKilledDonorsJoinerTakesItFromAnother) {
  start_all(abc);
  {
    LineClient filling = client("a");
    const std::string text(60'000, 'x');
    for (int i = 0; i < 200; ++i) filling.send("PUB big " + text + "\n");
    for (int i = 0; i < 200; ++i) ASSERT_EQ(filling.line().substr(0, 3), "OK ");
  }
  Running& d = start("d");
  d.await("taking an update from ");
  d.send(SIGSTOP);
  std::string donor;
  for (const auto& name : abc) {
    if (d.has_said("taking an update from " + name)) donor = name;
  }
  ASSERT_NE(donor, "");
  kill(donor);
  d.send(SIGCONT);
  d.await("active, one of 3");
  Names all{"d"};
  for (const auto& name : abc) {
    if (name != donor) all.push_back(name);
  }
  shut_down(all);
  EXPECT_EQ(lines_of(expect_equal(all)).size(), 200U);
}

TEST_F(MinibrokerClusterTest, TheGroupOutlivesWhoMadeIt) {
  start("a").await("waiting for 2 of 3");
  start("b").await("waiting for 1 of 3");
  start("c");
  for (const auto& name : abc) member(name).await("active, one of 3");
  publish("a", "q", 1, 20);
  kill("a");
  publish("b", "q", 21, 40);
  publish("c", "q", 41, 60);
  start("a").await("active, one of 3");
  shut_down(abc);
  EXPECT_EQ(lines_of(expect_equal(abc)).size(), 60U);
}

TEST_F(MinibrokerClusterTest, WhatIsNotAcknowledgedIsDeliveredAgain) {
  start_all(abc);
  publish("a", "q", 1, 3);
  await_sequence("b", 3);
  {
    LineClient b = client("b");
    b.send("CONSUME q 2\n");
    EXPECT_EQ(b.lines(3), (Names{"MSG 1 message 1", "MSG 2 message 2", "END 2"}));
    EXPECT_EQ(b.ask("ACK 1"), "OK 4");
    EXPECT_EQ(b.ask("ACK 1"), "OK 5");  // again: it is gone, as asked
  }
  kill("b");
  await_sequence("a", 5);
  {
    LineClient a = client("a");
    a.send("CONSUME q 10\n");
    EXPECT_EQ(a.lines(3), (Names{"MSG 2 message 2", "MSG 3 message 3", "END 2"}));
  }
  shut_down({"a", "c"});
  EXPECT_EQ(lines_of(expect_equal({"a", "c"})), (Names{"q 2 message 2", "q 3 message 3"}));
}

TEST_F(MinibrokerClusterTest, AMemberThatLeavesIsDirtyAndTheOthersGoOn) {
  start_all(abc);
  publish("a", "q", 1, 10);
  await_sequence("c", 10);
  member("c").send(SIGTERM);
  EXPECT_NE(finish("c").err.find("left"), std::string::npos);
  const auto seen = nlohmann::json::parse(tool({"examine", "-o", "json", directory("c")}).out);
  EXPECT_EQ(seen.at("stores").at(0).at("state"), "dirty");
  EXPECT_EQ(seen.at("stores").at(0).at("sequence"), 10);
  publish("b", "q", 11, 20);
  member("b").send(SIGINT);
  finish("b");
  member("a").await("alone");
  publish("a", "q", 21, 25);  // nobody else is there to confirm, and it says so
  start("b").await("active, one of 2");
  start("c").await("active, one of 3");
  shut_down(abc);
  EXPECT_EQ(lines_of(expect_equal(abc)).size(), 25U);
}

TEST_F(MinibrokerClusterTest, OneThatWaitsForItsGroupSaysSoAndLeavesWhenToldTo) {
  start("a", {"--wait-for", "1"});
  member("a").await("active, alone");
  member("a").send(SIGSTOP);
  Running& waits = start("b");
  waits.await("joining the group");
  waits.await("joining the group");
  waits.send(SIGTERM);
  EXPECT_EQ(finish("b").err.find("SM"), std::string::npos);
  member("a").send(SIGCONT);
  shut_down({"a"});
}

TEST_F(MinibrokerClusterTest, BadLinesAndBadClientsHarmNobody) {
  start_all(abc);
  LineClient bad = client("a");
  EXPECT_EQ(bad.ask("pub q x").substr(0, 4), "ERR ");
  EXPECT_EQ(bad.ask("PUB q " + std::string(300'000, 'x')).substr(0, 4), "ERR ");
  EXPECT_EQ(bad.ask("UPDATE 11111111-1111-4111-8111-111111111111"), "ERR no such ticket");
  EXPECT_EQ(bad.ask("ACK 12345"), "OK 1");
  LineClient deaf = client("a");
  for (int i = 0; i < 500; ++i)
    static_cast<void>(deaf.offer("PUB q " + std::string(999, 'd') + "\n"));
  publish("a", "q", 1, 10);
  EXPECT_EQ(bad.ask("HELP").substr(0, 5), "INFO ");
  shut_down(abc);
  expect_equal(abc);
}

TEST_F(MinibrokerClusterTest, ASenderSaysThatNotAllWasSent) {
  start("a", {"--wait-for", "1"}).await("alone");
  Running slow = sender("a", "q", text_of("slow", 10'000), {"--rate", "10"});
  slow.await_output(2);
  kill("a");  // between two lines, most likely: all that was sent is acknowledged
  const Outcome cut = slow.wait();
  EXPECT_EQ(cut.status, 1);
  EXPECT_NE(cut.err.find("the broker has gone"), std::string::npos) << cut.err;
}

TEST_F(MinibrokerClusterTest, TransientMembersKeepNothing) {
  const Options transient{"--transient", "--wait-for", "2"};
  start_all({"a", "b"}, transient);
  publish("a", "q", 1, 10);
  start("c", transient).await("active, one of 3");
  await_sequence("c", 10);
  LineClient c = client("c");
  EXPECT_EQ(c.ask("CONSUME q"), "MSG 1 message 1");
  EXPECT_EQ(c.line(), "END 1");
  shut_down(abc);
  for (const auto& name : abc) EXPECT_FALSE(fs::exists(directory(name) + "/storemark.journal"));
  start_all({"a", "b"}, transient);
  EXPECT_EQ(client("a").ask("CONSUME q"), "END 0");
}

TEST_F(MinibrokerClusterTest, OneProcessToADirectory) {
  start("a", {"--wait-for", "1"}).await("alone");
  Running& second = [&]() -> Running& {
    members_.emplace("second", Running({MINIBROKER, "--directory", directory("a"), "--socket",
                                        (directory_ / "another").string(), "--group",
                                        "local:" + (directory_ / "elsewhere").string()}));
    return member("second");
  }();
  EXPECT_EQ(second.wait().status, 7);
  const Outcome same_socket = run({MINIBROKER, "--directory", directory("a"), "--group",
                                   "local:" + (directory_ / "elsewhere").string()});
  EXPECT_EQ(same_socket.status, 7) << same_socket.err;
  publish("a", "q", 1, 3);
  shut_down({"a"});
}

TEST_F(MinibrokerClusterTest, NamesWrongUsage) {
  fs::create_directory(directory("a"));
  std::ofstream(directory("a") + "/storemark.journal") << "a journal's place";
  const std::string group = "local:" + (directory_ / "group").string();
  for (const Names& words : std::vector<Names>{
           {},
           {"--directory", directory("none"), "--group", group},
           {"--directory", directory("a")},
           {"--directory", directory("a"), "--group", "corosync"},
           {"--directory", directory("a"), "--group", "local:"},
           {"--directory", directory("a"), "--group", group, "--transient"},
           {"--directory", directory("a"), "--group", group, "--wait-for", "0"},
           {"--directory", directory("a"), "--group", group, "--policy", "guess"},
           {"--directory", directory("a"), "--group", group, "--name", std::string(17, 'n')},
           {"client", "STATUS"},
           {"client", "--socket", socket("a"), "--rate", "-1"}}) {
    Names command{MINIBROKER};
    command.insert(command.end(), words.begin(), words.end());
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.status, 2) << testing::PrintToString(words) << outcome.err;
    EXPECT_NE(outcome.err, "");
  }
  EXPECT_EQ(run({MINIBROKER, "--help"}).status, 0);
}

}  // namespace
}  // namespace minibroker
