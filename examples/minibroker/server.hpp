// SPDX-License-Identifier: Apache-2.0
// The clients of one member, each with a thread of its own that reads requests, hands changes to
// the driver, waits for their answers, and writes them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <storemark/driver.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sockets.hpp"

namespace minibroker {

class MiniBroker;

/// What the driver has still to say of what clients asked for. Every call from any thread.
class Answers {
 public:
  /// An answer to come; `ask` hands its token to the driver, and waits where there is no room. At
  /// once, if the driver says no.
  using Ask = std::function<storemark::Result<bool>(std::uint64_t token)>;
  [[nodiscard]] std::future<std::string> expect(const Ask& ask, bool is_shutdown = false);

  void confirmed(std::uint64_t token, std::uint64_t n);
  /// It has not happened, and will not.
  void dropped(std::uint64_t token);
  void room();
  /// What was not confirmed will not be: it is over, or this member has stepped down. `clean`: the
  /// cluster was shut down.
  void end_all(bool clean);

 private:
  struct Waiting {
    std::promise<std::string> answer;
    bool is_shutdown = false;
  };
  void fulfil(std::uint64_t token, std::string text);

  std::mutex mutex_;
  std::uint64_t last_ = 0;  // token; under the mutex, as what follows
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  std::atomic<std::uint32_t> rooms_ = 0;  // how often there was room again
};

/// Whom a server serves: clients; or members on other hosts, each of which shows a ticket, takes
/// its update, and is hung up on.
enum class Callers : std::uint8_t { clients, members };

class Server {
 public:
  static constexpr std::size_t max_clients = 256;
  static constexpr std::size_t max_waiting = 1024;                 ///< answers, of each client
  static constexpr std::size_t max_answer = std::size_t{1} << 20;  ///< bytes, and one message
  static constexpr std::size_t max_lent = 4096;                    ///< messages, to each client
  static constexpr std::size_t max_consume = 1000;

  /// Serves who calls at `listener` from now on. All must outlive it. Throws std::system_error.
  Server(const Listener& listener, storemark::Driver& driver, MiniBroker& broker, Answers& answers,
         Callers callers = Callers::clients);
  ~Server() { end(false); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// It is over, and how: takes no more requests, and gives clients a moment to take their answers.
  void end(bool clean);

 private:
  struct Client {
    Client(Descriptor socket, Server& server)
        : stream(std::move(socket)), thread([this, &server] { server.converse(*this); }) {}
    Stream stream;
    std::size_t lent = 0;  // messages; under the mutex of these
    bool gone = false;     // under mutex_
    std::thread thread;
  };
  /// An answer to come, and the message that is gone then.
  struct Request {
    std::future<std::string> answer;
    std::uint64_t acknowledges = 0;
  };

  void accept_all();
  void converse(Client& client);
  void serve_client(Client& client);
  void serve_member(Client& client);
  [[nodiscard]] bool give_update(Client& client, std::string_view ticket);
  [[nodiscard]] Request change(const std::string& line);
  [[nodiscard]] bool give_answers(Client& client, std::vector<Request>& requests);
  [[nodiscard]] std::optional<std::string> answer(Client& client, std::string_view line);
  [[nodiscard]] std::string consume(Client& client, std::string_view wanted);
  void end_loan(std::uint64_t message);

  const Listener& listener_;
  storemark::Driver& driver_;
  MiniBroker& broker_;
  Answers& answers_;
  const Callers callers_;
  std::mutex lent_mutex_;
  std::map<std::uint64_t, Client*> lent_;  // message, and to whom; under its mutex
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Client> clients_;  // under mutex_
  bool ended_ = false;         // under mutex_
  std::thread acceptor_;
};

}  // namespace minibroker
