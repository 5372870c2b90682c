"""What the readers look for: the words that inputs are put together of, so that they get far."""

from __future__ import annotations


def listed(words: str) -> list[str]:
    """Words written with a bar between them: with so many of them, quotation marks would hide what stands in them."""
    return words.split("|")


XML = listed(
    "<rss version='2.0'>|<channel>|<item>|</item>|<title>|</title>|<link>|</link>|<guid>|<pubDate>|</pubDate>|<entry>|"
    "</entry>|<feed xmlns='http://www.w3.org/2005/Atom'>|<urlset>|<url>|<loc>|</loc>|<lastmod>|<sitemapindex>|"
    "<sitemap>|<?xml version='1.0'?>|<?xml version='1.0' encoding='utf-16'?>|<!DOCTYPE r [|<!ENTITY a 'b'>|]>|"
    "<![CDATA[|]]>|<!--|-->|&amp;|&a;|&#0;|&#xD800;|xml:base='|'|\"|<a href='|https://a.example/|http://[|//|?|#|{|[|\"items\":|"
    "<dc:date>|<content:encoded>|&lt;b&gt;|2026-11-25|Wed, 25 Nov 2026|\0|\ud7ff|\u202e"
)
HTML = listed(
    "<html>|<head>|</head>|<title>|</title>|<title></a>|<body>|<article>|<p>|</p>|<p>\u2028|<div>|</div>|</script>|<h1>|"
    "<time datetime='|'>|<meta property='|og:title' content='|<script type='application/ld+json'>|"
    '{"@type":"NewsArticle",|"articleBody":"|"datePublished":"2026-11-25"|"|[|{|}|]|<a href=\'|'
    "<a href='http://[|<base href='|<link rel=canonical href=|<table>|<td>|<svg>|<template>|<!--|-->|<![CDATA[|&nbsp;|"
    "&#x110000;|<style>|</style>|"
    "<plaintext>|<br>|trafficking |USD 3 million |\0|<li><h2><a href='/a'>A headline of several words|</a>|\u2028|"
    "\U0001f54a"
)
FACTS = listed(
    "1,5 million|1.500.000|16 milliards FCFA|2 crore|US$ 516,000|€10-12m|£6m of £11m|two million|EUR|USD|$|€|R$|Rs|"
    "١٥ مِليون يُورو|٣ ملايين دولار|мільйонів|milliards|Millionen|lakh|bn|k|9|99999999999|0|.|,|’| |\n\n|-|–|%|from 2026 "
    "to 2029|2019–2022|three-year|over the next |12 août 2026|31 February 2026|since|until|launched|project|human "
    "trafficking|funded by the |Government of |Burundi|Kingdom of the Netherlands|International Organization for "
    'Migration|UNODC|(IOM)|"|“|”|and|in|with|The |of |торгівлі людьми|Menschenhandel|الاتجار بالبشر|trata de personas|'
    "survivor Amina, 17, |(not her real name)|Mr|Maria Lopez"
)
LINKS = listed(
    "http|https|://|//|:|@|/|?|#|&|=|;|%|%ff|%2F|%00|%zz|..|.|www.|m.|amp|example|.org|xn--|é|[::1]|[|]|127.0.0.1|utm_source=|"
    "fbclid=|id=7|url=https://a.example/|google.com/url?|web.archive.org/web/2026/| |\t|\n|\\|\0|:443|:99999|\ud800"
)
DATES = listed("ago|hours|2|yesterday|:|/|-|Z|+|99|2026|AM|PM|EST|IST|Sept|Nov|août|أغسطس|jours|T|.|,| |infinity")
YAML = listed(
    "contact: a@b.org|sources:|\n|  |- |\t|: |{|}|[|]|'|\"|#|&a |*a|<<: |!!python/name:os.system |!|? |---|...|${X}|${|"
    "$${|url: |https://a.example/|kind: listing|links: 're:(|subscriptions:|name: a|recipients: |time: 07:30|yes|NO|"
    "0777|1e999|.inf|2026-11-25|~|null|crawler: {|every: |1h|mail: |%YAML 1.2|\ufeff|\x85|\u2028"
)
