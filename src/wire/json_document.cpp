#include "wire/json_document.hpp"

#include <boost/json/parser.hpp>

#include <openssl/crypto.h>

#include <new>

namespace fluxer::auth::wire {

namespace json = boost::json;

void* cleansing_resource::do_allocate(std::size_t size, std::size_t alignment)
{
    return ::operator new(size, std::align_val_t(alignment));
}

void cleansing_resource::do_deallocate(void* memory, std::size_t size, std::size_t alignment)
{
    OPENSSL_cleanse(memory, size);
    ::operator delete(memory, size, std::align_val_t(alignment));
}

bool cleansing_resource::do_is_equal(json::memory_resource const& other) const noexcept
{
    return dynamic_cast<cleansing_resource const*>(&other) != nullptr;
}

cleansing_block::~cleansing_block()
{
    OPENSSL_cleanse(bytes.data(), bytes.size());
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
