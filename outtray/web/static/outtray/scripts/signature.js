// A signature holds words only: files belong to letters.
document.addEventListener("trix-file-accept", (event) => event.preventDefault());
