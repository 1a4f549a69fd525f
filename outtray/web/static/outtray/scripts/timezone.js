// <input data-timezone>: tells the time zone of this device.
for (const input of document.querySelectorAll("input[data-timezone]")) {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
}
