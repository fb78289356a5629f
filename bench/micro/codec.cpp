#include "support/login.hpp"

#include "wire/codec.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace fluxer::auth;

void encode_login(benchmark::State& state)
{
    login_request const request(std::string(bench::email), secret(bench::password));
    for ([[maybe_unused]] auto const turn : state)
        benchmark::DoNotOptimize(wire::encode(operation::login_user, request));
}

BENCHMARK(encode_login);

void decode_session(benchmark::State& state)
{
    constexpr std::string_view body =
        R"({"token":"flx_Zb4xH2mVq8Lr5TnYc7Kd9WsJg3PfAeUi0oMB","user_id":"1450912034502377472"})";
    std::string problem;
    for ([[maybe_unused]] auto const turn : state)
        benchmark::DoNotOptimize(wire::decode<login_result>(body, problem));
}

BENCHMARK(decode_session);

} // namespace
