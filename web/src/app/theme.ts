import { CLOSE } from "./texts.ts";
import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** Deep water: the one colour of actions, selection and our own bubbles. */
const harbor: MantineColorsTuple = [
  "#edf7f7",
  "#d6ebec",
  "#abd6d9",
  "#7dbfc4",
  "#54a7ae",
  "#338f98",
  "#1f7883",
  "#15616d",
  "#0f4c5c",
  "#0a3544",
];
/** A buoy: attention, never decoration. */
const buoy: MantineColorsTuple = [
  "#fff4e8",
  "#fde5cd",
  "#f9cb9c",
  "#f5b06a",
  "#f2a65a",
  "#e88b34",
  "#cf7220",
  "#a85a16",
  "#844511",
  "#5f310b",
];
/** What can't be taken back. */
const red: MantineColorsTuple = [
  "#fdf1ef",
  "#f9dedb",
  "#f1bcb7",
  "#ea958d",
  "#e27369",
  "#d6564b",
  "#c8473d",
  "#b8332b",
  "#942620",
  "#6f1b17",
];
/** Warm neutrals, like planks and sand, for light surfaces and text. */
const gray: MantineColorsTuple = [
  "#faf8f5",
  "#f4f1ec",
  "#e9e5de",
  "#dcd6cc",
  "#c6beb2",
  "#a39a8d",
  "#7d7569",
  "#5c554c",
  "#3b3630",
  "#22201c",
];
/** The same harbour at night. */
const dark: MantineColorsTuple = [
  "#d7e0e3",
  "#b1bfc4",
  "#8599a0",
  "#5a7079",
  "#2f434c",
  "#22343c",
  "#18262d",
  "#111c22",
  "#0c151a",
  "#080f13",
];

export const theme = createTheme({
  colors: { harbor, buoy, red, gray, dark },
  primaryColor: "harbor",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily:
    'Figtree, system-ui, -apple-system, "Segoe UI", Roboto, Arial, "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: "650" },
  components: {
    Drawer: { styles: { title: { fontSize: 18, fontWeight: 650, letterSpacing: "-0.01em" } } },
    Modal: {
      defaultProps: {
        radius: "lg",
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { "aria-label": CLOSE },
      },
      styles: { title: { fontSize: 18, fontWeight: 650, letterSpacing: "-0.01em" } },
    },
    // The focus goes to the first item: an element that only holds it is none that a menu may have.
    Menu: { defaultProps: { shadow: "md", radius: "md", withInitialFocusPlaceholder: false } },
  },
});
