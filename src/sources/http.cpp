#include "sources/http.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#include "base/invariant.hpp"
#include "sources/certificate_validity.hpp"
#include "sources/curl_failures.hpp"
#include "sources/curl_websocket.hpp"
#include "sources/http_text.hpp"
#include "sources/lower_case.hpp"
#include "sources/metadata_address.hpp"

namespace readyctl {
namespace {

constexpr std::size_t header_bytes_max = std::size_t{256} << 10;
constexpr long buffer_bytes = 64L << 10;
constexpr long large_buffer_bytes = 512L << 10;

// One transfer: its libcurl handle, and what has arrived.
class Transfer {
 public:
  /// `seen` is of all transfers to the same place: one may go on over a connection that another one made.
  Transfer(std::uint64_t id, HttpRequest request, const HttpOptions& options, CertificatesSeen& seen)
      : id_(id), request_(std::move(request)), options_(options), certificates_(seen), easy_(curl_easy_init()) {
    invariant(easy_ != nullptr, "libcurl yields a handle");
    set_up();
  }
  ~Transfer() {
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* easy() const { return easy_; }
  std::uint64_t id() const { return id_; }

  std::uint64_t received() const {
    curl_off_t body = 0;
    curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &body);
    if (websocket_) return websocket_->received();
    return header_bytes_ + static_cast<std::uint64_t>(std::max<curl_off_t>(0, body));
  }

  bool is_websocket() const { return request_.talk.has_value(); }

  /// The connection is there, and with it what is said over it begins.
  void begin_talk() {
    talk_since_ = std::chrono::steady_clock::now();
    websocket_.emplace(easy_, *request_.endpoint, *request_.talk);
  }
  bool is_talking() const { return websocket_.has_value(); }
  curl_waitfd waits_for() const { return websocket_->waits_for(); }

  /// Moves what can be moved without waiting; what came of the talk, once it is over.
  std::optional<HttpFinished> talk() {
    const std::optional<WebSocketOutcome> outcome = websocket_->turn();
    if (!outcome) return std::nullopt;
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - talk_since_);
    if (!*outcome) return HttpFinished{id_, tl::unexpected<Unobtainable>(outcome->error()), elapsed, received()};
    const WebSocketHeard& heard = **outcome;
    response_ = {};  // of the proxy, if one was asked for the connection
    response_.status = heard.status == 101 ? 200 : heard.status;
    response_.retry_after = heard.retry_after;
    response_.date = heard.date;
    response_.messages = heard.messages;
    response_.proxy = proxy_of_environment();
    return HttpFinished{id_, std::move(response_), elapsed, received()};
  }

  HttpFinished finish(CURLcode code) {
    curl_off_t total_us = 0;
    curl_off_t before_us = 0;
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &total_us);
    curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &before_us);
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::microseconds(std::max<curl_off_t>(0, total_us - before_us)));
    if (refused_) return {id_, tl::unexpected<Unobtainable>(*refused_), elapsed, received()};
    if (code != CURLE_OK) {
      return {id_, tl::unexpected<Unobtainable>(failure_of_curl(failure(code))), elapsed, received()};
    }
    response_.status = static_cast<int>(status);
    response_.proxy = proxy_of_environment();
    response_.connection = connection();
    return {id_, std::move(response_), elapsed, received()};
  }

 private:
  std::optional<ConnectionSeen> connection() const {
    using Kind = ConnectionSeen::Kind;
    if (is_tls() && !certificates_.accepted) return std::nullopt;
    if (is_tls()) return ConnectionSeen{Kind::tls, certificates_.accepted->not_after};
    const char* peer = nullptr;
    curl_easy_getinfo(easy_, CURLINFO_PRIMARY_IP, &peer);
    const bool stays = is_loopback(request_.endpoint->url.secret_host()) && peer != nullptr && is_loopback(peer);
    return ConnectionSeen{stays ? Kind::plain_on_machine : Kind::plain};
  }

  CurlFailure failure(CURLcode code) const {
    long os_error = 0;
    curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &os_error);
    return {code, error_.data(), os_error, certificates_.refused, proxy_of_environment()};
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    invariant(curl_easy_setopt(easy_, option, value) == CURLE_OK, "libcurl knows the options that it was built with");
  }

  void set_up() {
    url_ = is_websocket() ? as_http(request_.endpoint->ws->secret_text()) : request_.endpoint->url.secret_text();
    set(CURLOPT_URL, url_.c_str());
    if (is_websocket()) {
      set_up_connection();
    } else {
      set_up_post();
    }
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    trust_certificates_of_environment();
    if (is_tls()) note_certificates(easy_, certificates_);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a resolver thread must not hold the process beyond its deadline
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_BUFFERSIZE, request_.expects_megabytes ? large_buffer_bytes : buffer_bytes);
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
  }

  void set_up_post() {
    set(CURLOPT_POSTFIELDS, request_.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    for (const char* header : {"Content-Type: application/json", "Accept: application/json", "Expect:"})
      add_header(header);
    for (const auto& [name, value] : request_.endpoint->headers) add_header((name + ": " + value).c_str());
    set(CURLOPT_HTTPHEADER, headers_);
    set(CURLOPT_USERAGENT, "readyctl");
    set(CURLOPT_ACCEPT_ENCODING, "");  // everything that libcurl can undo
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    // Over TLS the handshake tells whether requests can share the connection, and waiting for that saves connections.
    // In plain text only the first response would tell: a silent one would hold up every other request.
    set(CURLOPT_PIPEWAIT, is_tls() ? 1L : 0L);
  }

  // A connection of its own, on which libcurl says nothing: through the proxy, to the end of the TLS handshake.
  void set_up_connection() {
    set(CURLOPT_CONNECT_ONLY, 1L);
    set(CURLOPT_HTTPPROXYTUNNEL, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  }

  static std::string as_http(const std::string& websocket_url) {
    const bool is_secure = lower_case(websocket_url.substr(0, 4)) == "wss:";
    return (is_secure ? "https" : "http") + websocket_url.substr(is_secure ? 3 : 2);
  }

  // As the curl command and OpenSSL have it; libcurl itself does not look.
  void trust_certificates_of_environment() {
    const char* file = std::getenv("SSL_CERT_FILE");
    if (file != nullptr && *file != '\0') set(CURLOPT_CAINFO, file);
  }

  // The variables that libcurl looks at, in its order; the value may hold a password.
  std::string proxy_of_environment() const {
    std::vector<const char*> names{"http_proxy", "all_proxy", "ALL_PROXY"};
    if (is_tls()) names = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (const char* name : names) {
      const char* value = std::getenv(name);
      if (value != nullptr && *value != '\0') return name;
    }
    return {};
  }

  bool is_tls() const { return lower_case(url_.substr(0, 6)) == "https:"; }

  void add_header(const char* line) {
    curl_slist* longer = curl_slist_append(headers_, line);
    invariant(longer != nullptr, "there is memory for a header");
    headers_ = longer;
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) {
    return static_cast<Transfer*>(self)->take_body({data, size}) ? size : 0;
  }
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) {
    return static_cast<Transfer*>(self)->take_header({data, size}) ? size : 0;
  }
  static int on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(self);
    const bool fits = received <= static_cast<curl_off_t>(transfer.request_.response_bytes_max);
    return fits || transfer.refuse_size() ? 0 : 1;
  }
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (!transfer.request_.endpoint->may_be_link_local && is_metadata_address(address->addr)) {
      transfer.refuse("not-permitted",
                      "the endpoint's name leads to a link-local or metadata address, where clouds keep credentials; "
                      "nothing was sent. If that is where it is, say --allow-link-local with its name");
      return CURL_SOCKET_BAD;
    }
    const int opened = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (opened < 0 && (errno == EMFILE || errno == ENFILE)) {
      transfer.refuse("unreachable", "no socket could be opened for it: " + std::string(std::strerror(errno)) +
                                         "; raise the limit of open files (ulimit -n)");
    }
    return opened;
  }

  bool take_body(std::string_view piece) {
    if (response_.body.size() + piece.size() > request_.response_bytes_max) return refuse_size();
    response_.body.append(piece);
    return true;
  }

  // One header line, or the status line that begins a block of them: of a proxy, an interim answer, or the answer.
  bool take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > header_bytes_max) return refuse("too-large", "its headers are longer than 256 KiB");
    const std::size_t end = line.find_last_not_of("\r\n") + 1;  // npos + 1 is 0
    if (line.substr(0, end).find('\r') != std::string_view::npos) {
      return refuse("malformed", "it sent a carriage return within a header, where programs differ on what is meant");
    }
    if (line.starts_with("HTTP/")) {
      response_ = {};
      content_length_.reset();
      return true;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    const std::string name = lower_case(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "content-type") response_.content_type = lower_case(value.substr(0, 200));
    if (name == "date") response_.date = std::string(value.substr(0, 100));
    if (name == "retry-after") response_.retry_after = std::string(value.substr(0, 100));
    if (name == "content-length") return take_length(value);
    return true;
  }

  bool take_length(std::string_view value) {
    if (content_length_ && *content_length_ != value)
      return refuse("malformed", "it sent two different Content-Length headers");
    content_length_ = std::string(value);
    std::size_t length = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), length);
    if (read.ec == std::errc::result_out_of_range || length > request_.response_bytes_max) return refuse_size();
    response_.body.reserve(length);
    return true;
  }

  bool refuse_size() {
    return refuse("too-large", "its answer is longer than the " + std::to_string(request_.response_bytes_max) +
                                   " bytes that are read");
  }

  bool refuse(std::string cause, std::string what) {
    refused_ = Unobtainable{std::move(cause), std::move(what), Retry::other_endpoint};
    response_ = {};
    return false;
  }

  std::uint64_t id_;
  HttpRequest request_;
  HttpOptions options_;
  CertificatesSeen& certificates_;
  std::string url_;
  CURL* easy_;
  std::chrono::steady_clock::time_point talk_since_ = {};
  std::optional<CurlWebSocket> websocket_;
  curl_slist* headers_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_{};
  HttpResponse response_;
  std::size_t header_bytes_ = 0;
  std::optional<std::string> content_length_;
  std::optional<Unobtainable> refused_;
};

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(HttpOptions options) : options_(options) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    multi_ = curl_multi_init();
    invariant(multi_ != nullptr, "libcurl yields a multi handle");
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  }
  ~CurlTransport() override {
    for (const auto& [id, transfer] : transfers_) curl_multi_remove_handle(multi_, transfer->easy());
    transfers_.clear();
    curl_multi_cleanup(multi_);
  }
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  void start(std::uint64_t id, HttpRequest request) override {
    const Url& url = request.talk ? *request.endpoint->ws : request.endpoint->url;
    CertificatesSeen& seen = certificates_[url.secret_origin()];
    auto transfer = std::make_unique<Transfer>(id, std::move(request), options_, seen);
    const auto [slot, is_new] = transfers_.emplace(id, std::move(transfer));
    invariant(is_new, "a transfer's id is not in use");
    curl_multi_add_handle(multi_, slot->second->easy());
    perform();
  }

  void cancel(std::uint64_t id) override {
    const auto found = transfers_.find(id);
    if (found == transfers_.end()) return;
    curl_multi_remove_handle(multi_, found->second->easy());
    transfers_.erase(found);
  }

  std::uint64_t received(std::uint64_t id) const override {
    const auto found = transfers_.find(id);
    return found == transfers_.end() ? 0 : found->second->received();
  }

  std::vector<HttpFinished> wait(std::chrono::milliseconds at_most) override {
    perform();
    std::vector<HttpFinished> finished = collect();
    if (!finished.empty()) return finished;
    std::vector<curl_waitfd> talks;
    for (const auto& [id, transfer] : transfers_) {
      if (transfer->is_talking()) talks.push_back(transfer->waits_for());
    }
    curl_multi_poll(multi_, talks.data(), static_cast<unsigned>(talks.size()), static_cast<int>(at_most.count()),
                    nullptr);
    perform();
    return collect();
  }

 private:
  void perform() {
    int running = 0;
    curl_multi_perform(multi_, &running);
  }

  std::vector<HttpFinished> collect() {
    std::vector<HttpFinished> finished;
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      char* owner = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
      auto& transfer = *reinterpret_cast<Transfer*>(owner);
      if (code == CURLE_OK && transfer.is_websocket()) {
        transfer.begin_talk();
        continue;
      }
      finished.push_back(transfer.finish(code));
      cancel(transfer.id());
    }
    const std::size_t exchanged = finished.size();
    for (const auto& [id, transfer] : transfers_) {
      std::optional<HttpFinished> talk = transfer->is_talking() ? transfer->talk() : std::nullopt;
      if (talk) finished.push_back(std::move(*talk));
    }
    for (std::size_t i = exchanged; i < finished.size(); ++i) cancel(finished[i].id);
    return finished;
  }

  HttpOptions options_;
  CURLM* multi_;
  std::map<std::string, CertificatesSeen> certificates_;  // by origin, as connections are shared
  std::map<std::uint64_t, std::unique_ptr<Transfer>> transfers_;
};

}  // namespace

std::unique_ptr<Transport> curl_transport(HttpOptions options) { return std::make_unique<CurlTransport>(options); }

}  // namespace readyctl
