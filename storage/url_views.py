"""What in an address asks for another view of a page, or says how a reader came to it, and never which page it is."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of parameters that tell where a reader came from, or how the page is dressed, and never which page it is.
_TRACKING_NAMES = _words(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id _openstat zanpid mc_cid
    mc_eid ml_subscriber ml_subscriber_hash mkt_tok oly_anon_id oly_enc_id vero_id vero_conv trk trkcampaign trkemail
    spm scm _ga _gl _hsenc _hsmi __hssc __hstc __hsfp hsctatracking hsa_acc hsa_cam ref_src ref_url referrer referer
    cmpid cmp ncid ocid icid ito taid mbid xtor wt_mc wt.mc_id wt.tsrc sr_share smid smtyp sref ns_campaign
    ns_mchannel ns_source ns_linkname ns_fee fb_action_ids fb_action_types fb_ref fb_source action_object_map
    action_type_map action_ref_map guccounter guce_referrer guce_referrer_sig __twitter_impression s_kwcid ipid ipromo
    replytocom share nb sharedid phpsessid jsessionid sessionid aspsessionid usqp amp_js_v amp_gsa amp_r noamp amp
    outputtype print printable printer printview printerfriendly pfstyle nomobile mobile isappinstalled
    """
)
_TRACKING_PREFIXES = (
    "utm_",
    "utm-",
    "at_campaign",
    "at_medium",
    "at_custom",
    "pk_",
    "piwik_",
    "mtm_",
    "matomo_",
    "hsa_",
)
# Parameters that name a page on some sites and a way to it on others: dropped only with a value of the second kind.
_WAY_NAMES = _words("ref source src from via s feature output format view tmpl platform device")
_WAY_VALUES = _words(
    """
    rss feed feeds atom rssfeed twitter facebook fb whatsapp telegram linkedin email mail newsletter social share
    sharing home homepage frontpage google googlenews news search app mobile desktop web embed direct tw amp amphtml
    amp-type print printer print-friendly component
    """
)
# Google News marks its article pages with the reader's language and country; the path alone names the article.
_PARAMETERS_OF_NO_MEANING_BY_HOST = {"news.google.com": frozenset({"oc", "hl", "gl", "ceid", "cid"})}
_INDEX_PAGES = frozenset({"index.html", "index.htm", "default.htm", "default.html"})


def strip_view_segments(segments: list[str]) -> list[str]:
    """Drops what asks for another view of the page: `/amp`, `.amp`, `/amp.html`, a last `/print`, an index page's
    name."""
    while segments:
        last = segments[-1].lower()
        if (
            last in _INDEX_PAGES
            or last in ("amp", "amp.html")
            or (last in ("print", "printable") and len(segments) > 1)
        ):
            segments = segments[:-1]
        elif last.endswith((".amp", ".amp.html")) and last[: last.rindex(".amp")].strip("."):  # not dots alone
            stem = segments[-1][: last.rindex(".amp")]
            segments = [*segments[:-1], stem + (".html" if last.endswith(".html") else "")]
        elif segments[0].lower() == "amp" and len(segments) > 1:
            segments = segments[1:]
        else:
            break
    return segments


def is_view_parameter(name: str, value: str, host: str) -> bool:
    """Whether a parameter, its name and value in lower case, chooses no page on this host."""
    if name in _PARAMETERS_OF_NO_MEANING_BY_HOST.get(host, ()):
        return True
    if name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES):
        return True
    if name in _WAY_NAMES and value in _WAY_VALUES:
        return True
    # Blogger's switch between mobile and desktop; elsewhere `m` may be a month or a number.
    return name == "m" and value in ("0", "1") and ".blogspot." in f".{host}."
