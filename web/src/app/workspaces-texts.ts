/** Of the switch of workspaces in the menu. */
export const WORKSPACES = {
  workspaces: "Workspaces",
  new_workspace: "New workspace",
  workspace_name: "Name",
  workspace_text: "It starts empty, with you as its owner. Nothing is shared with the others.",
  create: "Create workspace",
};
