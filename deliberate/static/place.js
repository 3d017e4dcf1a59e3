// Changing the language keeps the passage that is being read.
const links = document.querySelectorAll(".tools a[hreflang]");

function keep() {
  for (const link of links) link.hash = location.hash;
}

addEventListener("hashchange", keep);
keep();
