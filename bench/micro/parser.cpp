#include "http/response_reader.hpp"

#include <benchmark/benchmark.h>

#include <stdexcept>

namespace {

using namespace fluxer::auth;

/// As nginx gives it, in one piece.
void read_answer(benchmark::State& state)
{
    constexpr std::string_view answer =
        "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Tue, 24 Nov 2026 19:34:26 GMT\r\n"
        "Content-Type: application/json\r\nContent-Length: 86\r\nConnection: keep-alive\r\n\r\n"
        R"({"token":"flx_Zb4xH2mVq8Lr5TnYc7Kd9WsJg3PfAeUi0oMB","user_id":"1450912034502377472"}  )";
    for ([[maybe_unused]] auto const turn : state) {
        http::response_reader reader{http::reader_limits{}};
        if (reader.feed(answer) != http::reader_state::done)
            throw std::runtime_error("not a whole answer");
        benchmark::DoNotOptimize(reader.answer());
    }
}

BENCHMARK(read_answer);

} // namespace
