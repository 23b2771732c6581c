import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "preact";
import { App } from "./app";
import { client } from "./live/data";
import "./styles/base.css";

const root = document.getElementById("app");
if (root) {
  render(
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>,
    root,
  );
}
