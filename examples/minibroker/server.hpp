// SPDX-License-Identifier: Apache-2.0
// The clients of one member: one thread that polls. What they ask for goes to a Backend; what the
// driver's thread has to say to them comes through a mailbox.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "client.hpp"
#include "event.hpp"
#include "protocol.hpp"
#include "queue_store.hpp"
#include "sockets.hpp"

namespace minibroker {

/// What stands behind the server. Called from its thread.
class Backend {
 public:
  virtual ~Backend() = default;
  /// As Driver::publish.
  [[nodiscard]] virtual storemark::Result<bool> publish(std::span<const std::uint8_t> event,
                                                        std::uint64_t token) = 0;
  /// Of a queue, what is durable here.
  [[nodiscard]] virtual storemark::Result<void> browse(std::string_view queue,
                                                       const QueueStore::Visit& visit) = 0;
  [[nodiscard]] virtual std::string status() = 0;
  [[nodiscard]] virtual storemark::Result<void> shut_down() = 0;
  /// Asked to leave by a signal; Server::ended() follows.
  virtual void leave() = 0;
  /// A joiner's connection. False: there is no such ticket.
  [[nodiscard]] virtual bool give(const storemark::Uuid& ticket, Descriptor& joiner) = 0;
};

class Server {
 public:
  static constexpr std::size_t max_clients = 256;

  /// Takes calls at `socket`, which is removed at the end. Throws std::system_error.
  explicit Server(const std::filesystem::path& socket);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Serves until ended() was called and what was answered is sent, or is not taken.
  void run(Backend& backend);

  // From any thread.
  void confirmed(std::uint64_t token, std::uint64_t n);
  void room();
  /// What was not confirmed will not be.
  void stepped_down();
  /// It is over. `why` is empty after a clean shutdown.
  void ended(const std::string& why);

 private:
  /// What other threads have to say.
  struct Mail {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> confirmed;
    bool room = false;
    bool stepped_down = false;
    std::optional<std::string> end;
  };
  using Clients = std::unordered_map<std::uint32_t, Client>;

  template <class Write>
  void post(Write write);
  void read_mail();
  void poll_once();
  void hear(std::uint32_t number, int events);
  void accept_all();
  void serve(std::uint32_t number, Client& client);
  void close(std::uint32_t number);
  void say_farewell(const std::string& why);

  // One command; false: it has to wait for room.
  bool obey(std::uint32_t number, Client& client, const Command& command);
  bool publish(std::uint32_t number, Client& client, const Event& event);
  void consume(std::uint32_t number, Client& client, const ConsumeCommand& command);
  void shut_down(std::uint32_t number, Client& client);
  void give(Client& client, const UpdateCommand& command);
  void end_lease(std::uint64_t id);

  const std::filesystem::path path_;
  Descriptor listener_;
  Descriptor signals_;
  Descriptor woken_;
  Backend* backend_ = nullptr;
  Clients clients_;
  std::uint32_t next_number_ = 1;
  std::map<std::uint64_t, std::uint32_t> leased_;                   ///< message, and to whom
  std::unordered_map<std::uint64_t, std::uint64_t> acknowledging_;  ///< token, and message
  std::vector<std::uint64_t> shutdowns_;  ///< who waits for the end of a shutdown
  std::mutex mutex_;
  Mail mail_;  // under the mutex
};

}  // namespace minibroker
