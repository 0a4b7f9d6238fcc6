// A link to a new account has the code after the #, which a browser sends to no server.
const code = document.querySelector("#code");
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
