/**
 * A security key or passkey as the second step: asks the browser, then sends the form.
 */
const script = document.getElementById("key-script");
const { publicKey } = JSON.parse(document.getElementById("key-options").textContent);
const field = document.getElementById(script.dataset.field);
const isNew = script.dataset.what === "create";

document.getElementById("key").addEventListener("click", async () => {
  const said = document.getElementById("key-error");
  said.textContent = "";
  try {
    const read = isNew
      ? PublicKeyCredential.parseCreationOptionsFromJSON
      : PublicKeyCredential.parseRequestOptionsFromJSON;
    const options = { publicKey: read.call(PublicKeyCredential, publicKey) };
    const ways = navigator.credentials;
    const found = await (isNew ? ways.create(options) : ways.get(options));
    field.value = JSON.stringify(found.toJSON());
    field.form.submit();
  } catch {
    said.textContent =
      "The key was not used: it was not there, took too long, or your browser does not know keys. Try again, or use another way.";
  }
});
