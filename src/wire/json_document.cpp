#include "wire/json_document.hpp"

#include "core/recycled_memory.hpp"

#include <boost/json/parser.hpp>

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
