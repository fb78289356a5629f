#include "core/discovery.hpp"
#include "wire/discovery.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace {

namespace auth = fluxer::auth;
namespace core = fluxer::auth::core;

void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

/// What a client is made with must be good, and is the same again when it is looked at once more.
void check(auth::instance const& found, core::plain_http plain)
{
    std::string problem;
    require(core::parse_origin(found.api_base, problem, plain).has_value());
    require(core::versioned_api_base(found.api_base, problem, plain) == found.api_base);
    require(found.webapp.empty() || core::origin_of(found.webapp, problem, plain) == found.webapp);
    require(found.raw.is_object());
    require(found.options().base_url == found.api_base);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(data), size); // NOLINT
    for (auto const came_plain : {false, true}) {
        std::string problem;
        bool is_document = false;
        auto const found = auth::wire::decode_instance(text, problem, is_document, came_plain);
        require(found.has_value() == problem.empty());
        require(!found || is_document);
        // What came over HTTPS leads to nothing else.
        if (found)
            check(*found, came_plain ? core::plain_http::allowed : core::plain_http::refused);
    }

    std::string complaint;
    auto const places = core::find_discovery_places(text, complaint);
    require(places.has_value() == complaint.empty());
    if (places)
        require(!places->targets.empty() && places->targets.size() <= 3);
    return 0;
}
