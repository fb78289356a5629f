#include "script.hpp"
#include "garble.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace faults = fluxer::auth::faults;
namespace json = boost::json;

} // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

/// A fault script, or what is none: read, or refused with the place where it is wrong. Any other exception is a finding.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(data), size); // NOLINT
    boost::system::error_code problem;
    auto document = json::parse(text, problem);
    if (problem)
        return 0;
    try {
        faults::read_header(document);
        faults::read_script(std::move(document));
    } catch (faults::script_error const& refusal) {
        if (std::string_view(refusal.what()).empty())
            __builtin_trap();
    }
    return 0;
}

/// Mostly JSON with something wrong in it; now and then bytes that are changed at random.
extern "C" std::size_t LLVMFuzzerCustomMutator(
    std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed)
{
    boost::system::error_code problem;
    auto document = json::parse({reinterpret_cast<char const*>(data), size}, problem); // NOLINT
    if (problem || seed % 8 == 0)
        return LLVMFuzzerMutate(data, size, most);
    fluxer::auth::fuzz::random_numbers random(seed);
    fluxer::auth::fuzz::garble(document, random);
    auto const made = json::serialize(document);
    if (made.size() > most)
        return LLVMFuzzerMutate(data, size, most);
    std::copy(made.begin(), made.end(), data);
    return made.size();
}
