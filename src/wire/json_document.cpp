#include "wire/json_document.hpp"

#include "core/recycled_memory.hpp"

#include <boost/json/parser.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <new>

namespace fluxer::auth::wire {

namespace json = boost::json;

namespace {

// What stands before each block: its size, because Boost.JSON's monotonic_resource gives blocks back with a size
// that leaves its own bookkeeping out, and so names less than it asked for.
constexpr std::size_t prefix = alignof(std::max_align_t);
static_assert(prefix >= sizeof(std::size_t));

constexpr std::size_t most_levels = 32; ///< the parser's

/// Behind the opening quote of a string: what follows its end.
std::string_view behind_string(std::string_view text) noexcept
{
    for (;;) {
        auto const place = text.find_first_of("\"\\");
        if (place == std::string_view::npos)
            return {};
        text.remove_prefix(place + 1);
        if (text.data()[-1] == '"')
            return text;
        text.remove_prefix(std::min<std::size_t>(1, text.size()));
    }
}

/// The members of one object, as far as they were seen.
struct seen_members
{
    std::size_t count = 0;
    std::string_view last;

    /// How many the next one may be compared with. One name again and again is no more than one.
    std::size_t add(std::string_view name) noexcept
    {
        count += name == last && count != 0 ? 0 : 1;
        last = name;
        return count;
    }
};

/// Whether the names may take more comparisons than a document may, as far as the text is JSON at all.
bool is_crowded(std::string_view text) noexcept
{
    // A member takes four characters and what separates it: nearly all texts are too short for so many.
    constexpr std::size_t enough = 1'000;
    static_assert(enough * enough <= json_document::most_comparisons);
    if (text.size() / 5 < enough)
        return false;
    std::array<seen_members, most_levels + 1> members{};
    std::size_t level = 0;
    std::size_t comparisons = 0;
    std::string_view name;
    while (!text.empty()) {
        auto const next = text.front();
        text.remove_prefix(1);
        if (next == '"') {
            name = text;
            text = behind_string(text);
            name.remove_suffix(text.size());
        } else if (next == '{' || next == '[') {
            if (++level > most_levels)
                return false; // which the parser refuses
            members[level] = {};
        } else if ((next == '}' || next == ']') && level > 0) {
            --level;
        } else if (next == ':') {
            comparisons += members[level].add(name);
            if (comparisons > json_document::most_comparisons)
                return true;
        }
    }
    return false;
}

} // namespace

void* cleansing_resource::do_allocate(std::size_t size, [[maybe_unused]] std::size_t alignment)
{
    assert(alignment <= prefix);
    auto* const block = static_cast<unsigned char*>(::operator new(prefix + size));
    std::memcpy(block, &size, sizeof(size));
    return block + prefix;
}

void cleansing_resource::do_deallocate(void* memory, std::size_t, std::size_t)
{
    auto* const block = static_cast<unsigned char*>(memory) - prefix;
    std::size_t size = 0;
    std::memcpy(&size, block, sizeof(size));
    core::cleanse(memory, size);
    ::operator delete(block);
}

bool cleansing_resource::do_is_equal(json::memory_resource const& other) const noexcept
{
    return dynamic_cast<cleansing_resource const*>(&other) != nullptr;
}

cleansing_block::~cleansing_block()
{
    core::cleanse(bytes.data(), bytes.size());
}

json_document::json_document(std::string_view text)
    : memory_(first_memory_.bytes.data(), first_memory_.bytes.size(), &heap_)
    , root_(&memory_)
{
    // Its hashes of keys have no secret in them: a server that knows keys of one hash has each member compared with all
    // before it.
    if (is_crowded(text))
        return;
    // The parser keeps unfinished strings in memory of its own.
    cleansing_block parser_memory;
    json::parser parser(
        &heap_, json::parse_options(), parser_memory.bytes.data(), parser_memory.bytes.size());
    parser.reset(&memory_);
    boost::system::error_code problem;
    parser.write(text.data(), text.size(), problem);
    valid_ = !problem;
    if (valid_)
        root_ = parser.release();
}

} // namespace fluxer::auth::wire
