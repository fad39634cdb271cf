import { type ClipboardEvent, type DragEvent, useState } from "react";

/** Files that are dropped on an element, or pasted; `over`: some are held above it. */
export function useDropped(onFiles: (files: FileList) => void) {
  const [over, setOver] = useState(false);
  const drag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(event.type === "dragenter" || event.type === "dragover");
  };
  const handlers = {
    onPaste: (event: ClipboardEvent) => {
      if (event.clipboardData.files.length === 0) return;
      event.preventDefault();
      onFiles(event.clipboardData.files);
    },
    onDragEnter: drag,
    onDragOver: drag,
    onDragLeave: (event: DragEvent) =>
      !event.currentTarget.contains(event.relatedTarget as Node | null) && drag(event),
    onDrop: (event: DragEvent) => {
      drag(event);
      onFiles(event.dataTransfer.files);
    },
  };
  return { over, handlers };
}
