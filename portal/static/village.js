// A village's page with JavaScript: upload with progress, drag a file onto the card, follow the check without
// loading the page again. Without JavaScript the same page works by itself: a plain form and a refresh.
"use strict";

(function () {
  const LIVE = ["head", "returned", "check", "hand-in", "versions"];
  const OFTEN_MS = 1500, SELDOM_MS = 10000;

  // --- following the check ---

  function follow() {
    const waiting = document.querySelector("[data-follow]");
    if (waiting) {
      let pause = OFTEN_MS;
      const look = async function () {
        try {
          const answer = await fetch(waiting.dataset.follow, { headers: { Accept: "application/json" } });
          if (answer.redirected || !answer.ok) { location.reload(); return; }
          const found = await answer.json();
          if (found.version !== Number(waiting.dataset.version) || found.state !== "received") {
            await show(location.pathname);
            return;
          }
        } catch (error) {
          // The portal or the line is away: what was handed in stays handed in, so look again later.
        }
        pause = Math.min(pause * 1.1, SELDOM_MS);
        setTimeout(look, pause);
      };
      setTimeout(look, pause);
    }
  }

  async function show(address) {
    const answer = await fetch(address);
    if (answer.redirected || !answer.ok) { location.reload(); return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of LIVE) {
      const here = document.getElementById(id), there = fresh.getElementById(id);
      // Somebody who has picked the next file already keeps it.
      if (here && there && !(id === "hand-in" && chosen())) { here.replaceWith(there); }
    }
    prepare();
    follow();
  }

  function chosen() {
    const input = document.getElementById("dossier");
    return Boolean(input && input.files.length);
  }

  // --- uploading ---

  function prepare() {
    const form = document.querySelector("form[data-upload]");
    if (!form || form.dataset.ready) { return; }
    form.dataset.ready = "1";
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      send(form);
    });
    const card = form.closest(".card");
    card.classList.add("drop");
    card.addEventListener("dragover", function (event) { event.preventDefault(); card.classList.add("over"); });
    card.addEventListener("dragleave", function () { card.classList.remove("over"); });
    card.addEventListener("drop", function (event) {
      event.preventDefault();
      card.classList.remove("over");
      if (event.dataTransfer.files.length) {
        form.querySelector("input[type=file]").files = event.dataTransfer.files;
        form.querySelector("button").focus();
      }
    });
  }

  function send(form) {
    const button = form.querySelector("button"), bar = form.querySelector("progress");
    const said = form.querySelector("[data-said]"), request = new XMLHttpRequest();
    const again = function (sentence) {
      said.textContent = sentence;
      said.className = "refused";
      bar.hidden = true;
      button.disabled = false;
    };
    request.open("POST", form.action);
    request.upload.addEventListener("progress", function (event) {
      const percent = event.lengthComputable ? Math.floor(100 * event.loaded / event.total) : 0;
      bar.value = percent;
      said.textContent = form.dataset.sending.replace("{percent}", percent);
    });
    request.addEventListener("error", function () { again(form.dataset.lost); });
    request.addEventListener("load", function () {
      if (request.status < 400) { location.assign(request.responseURL); return; }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const refused = page.querySelector("[role=alert]") || page.querySelector("main p");
      again(refused ? refused.textContent : form.dataset.lost);
    });
    button.disabled = true;
    bar.value = 0;
    bar.hidden = said.hidden = false;
    said.className = "quiet";
    said.textContent = form.dataset.sending.replace("{percent}", 0);
    request.send(new FormData(form));
  }

  prepare();
  follow();
})();
