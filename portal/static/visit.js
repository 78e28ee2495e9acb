// Fills in where the telephone is, when somebody asks for it; the page works without.
"use strict";

const button = document.getElementById("locate");
const field = document.getElementById("position");
const told = document.getElementById("locating");

if (button && field && told && window.isSecureContext && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      (found) => {
        const { latitude, longitude, accuracy } = found.coords;
        field.value = `${latitude.toFixed(5)},${longitude.toFixed(5)} ±${Math.round(accuracy)}m`;
        button.disabled = false;
        told.hidden = true;
      },
      () => {
        told.textContent = told.dataset.failed;
        told.hidden = false;
        button.disabled = false;
      },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  });
}
