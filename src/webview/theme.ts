// The editor's theme as the canvas needs it: variables are read from the page's style, and again when the theme changes.

import type { Theme } from "./drawing/messages.ts";

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== "") return value;
    }
    return "#888888";
  };
  const { classList } = document.body;
  const isHighContrast =
    classList.contains("vscode-high-contrast") || classList.contains("vscode-high-contrast-light");
  const isDark =
    !classList.contains("vscode-light") && !classList.contains("vscode-high-contrast-light");
  const family = style.getPropertyValue("--vscode-font-family").trim() || "sans-serif";
  const foreground = colour("foreground", "editor-foreground");
  const background = colour("editor-background");
  return {
    kind: isHighContrast ? "high-contrast" : classList.contains("vscode-light") ? "light" : "dark",
    font: `11px ${family}`,
    foreground,
    quiet: colour("descriptionForeground", "foreground"),
    background,
    follower: `color-mix(in srgb, ${foreground} 7%, ${background})`,
    grid: colour("editorIndentGuide-background1", "panel-border", "contrastBorder"),
    leader: colour("charts-blue"),
    handler: colour("charts-green"),
    promotion: colour("charts-purple"),
    wait: colour("charts-red"),
    held: colour("charts-yellow"),
    // The theme's own orange is half transparent in some themes and missing in others.
    blocking: `color-mix(in srgb, ${colour("charts-red")} 45%, ${colour("charts-yellow")})`,
    focus: colour("focusBorder"),
    onFill: isDark ? "#111111" : "#ffffff",
    heldText: `color-mix(in srgb, ${colour("charts-yellow")} ${isDark ? 100 : 70}%, ${foreground})`,
    // Quiet lines over a loud ground: the colour is seen, the pattern is felt.
    hatch: `color-mix(in srgb, ${background} 48%, transparent)`,
    span: `color-mix(in srgb, ${foreground} 22%, ${background})`,
  };
}

export function onThemeChange(changed: (theme: Theme) => void): void {
  const observer = new MutationObserver(() => changed(readTheme()));
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
}

export function wantsReducedMotion(): boolean {
  return (
    document.body.classList.contains("vscode-reduce-motion") ||
    matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}
