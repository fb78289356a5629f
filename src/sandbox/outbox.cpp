#include "sandbox/outbox.hpp"

#include "sandbox/text.hpp"

#include <algorithm>

namespace fluxer::auth::sandbox_detail {

void outbox::add(sandbox_mail mail)
{
    auto& mails = by_address_[to_lower(mail.to)];
    mails.push_back({count_++, std::move(mail)});
}

std::vector<sandbox_mail> outbox::mails(std::string_view address) const
{
    std::vector<entry const*> found;
    for (auto const& [to, entries] : by_address_)
        if (address.empty() || to == to_lower(address))
            for (auto const& item : entries)
                found.push_back(&item);
    std::sort(
        found.begin(), found.end(), [](auto* left, auto* right) { return left->number < right->number; });
    std::vector<sandbox_mail> all;
    all.reserve(found.size());
    for (auto const* item : found)
        all.push_back(item->mail);
    return all;
}

std::optional<sandbox_mail> outbox::last(std::string_view address, std::string_view kind) const
{
    auto const mails = by_address_.find(to_lower(address));
    if (mails == by_address_.end())
        return std::nullopt;
    for (auto item = mails->second.rbegin(); item != mails->second.rend(); ++item)
        if (item->mail.kind == kind)
            return item->mail;
    return std::nullopt;
}

void outbox::clear()
{
    by_address_.clear();
}

} // namespace fluxer::auth::sandbox_detail
