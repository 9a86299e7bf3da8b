#!/bin/sh
# Gets agent-chat-ui (from the repository named, at the commit that was tried) and builds it in .browser.
# Ends with status 1, and says why, where a part cannot be had. A build that is there is kept.
set -eu
from=$1
commit=fdc87e6
folder=.browser/agent-chat-ui
cannot() { echo "cannot be had: $1" >&2; exit 1; }

[ -d "$folder/.next" ] && [ -d .browser/node_modules/mermaid ] && exit 0
mkdir -p .browser
command -v node >/dev/null || cannot "node"
[ -d .browser/node_modules/mermaid ] || npm install --silent --prefix .browser mermaid@11 || cannot "the package mermaid"
[ -d "$folder" ] || GIT_TERMINAL_PROMPT=0 git clone --quiet "$from" "$folder" || cannot "agent-chat-ui from $from"
# Its one font comes from the network at build time; any other does as well here.
echo "module.exports = new Proxy({}, { get: () => \"@font-face{font-family:'Inter';src:local('sans-serif')}\" });" \
  > .browser/fonts.js
fonts=$(pwd)/.browser/fonts.js
cd "$folder"
git checkout --quiet "$commit" || cannot "agent-chat-ui at $commit"
npx --yes pnpm@10.5.1 install --frozen-lockfile --silent || cannot "the packages of agent-chat-ui"
NEXT_TELEMETRY_DISABLED=1 NEXT_FONT_GOOGLE_MOCKED_RESPONSES=$fonts npx next build || cannot "its build"
