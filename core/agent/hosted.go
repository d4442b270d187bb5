package agent

import (
	"encoding/json"
	"path"

	chatkit "github.com/gochatkit/chatkit/core"
)

// hostedTool shows a tool of the provider as a task of a workflow, if asked to.
func (b *Bridge) hostedTool(e *HostedTool) error {
	if !b.opts.hostedTools {
		return nil
	}
	ref := b.hosted[e.Item]
	var task chatkit.Task
	switch {
	case e.Raw != nil:
		task = hostedTask(e)
	case ref != nil && ref.w == b.workflow:
		task = chatkit.CloneTask(ref.w.item.Workflow.Tasks[ref.index])
	default:
		task = hostedTask(e)
	}
	if task == nil {
		return nil
	}
	switch e.Status {
	case "completed", "failed", "incomplete":
		setStatus(task, chatkit.StatusComplete)
	default:
		setStatus(task, chatkit.StatusLoading)
	}
	if ref != nil {
		return b.updateTask(ref.w, ref.index, task)
	}
	b.delayed = false
	ref, err := b.addTask(task)
	b.hosted[e.Item] = ref
	return err
}

// hostedTask describes a tool that the provider runs. It returns nil for what only answers another item.
func hostedTask(e *HostedTool) chatkit.Task {
	var it struct {
		Name   string `json:"name"`
		Label  string `json:"server_label"`
		Action struct {
			Type    string   `json:"type"`
			Query   string   `json:"query"`
			Queries []string `json:"queries"`
			URL     string   `json:"url"`
			Sources []struct {
				URL string `json:"url"`
			} `json:"sources"`
		} `json:"action"`
		Queries []string `json:"queries"`
		Results []struct {
			Filename string `json:"filename"`
		} `json:"results"`
	}
	// A member of another type is left out, which is all that can be done about it.
	_ = json.Unmarshal(e.Raw, &it)
	switch e.Kind {
	case "web_search_call":
		t := &chatkit.WebSearchTask{Title: "Searching the web", TitleQuery: it.Action.Query, Queries: it.Action.Queries}
		if len(t.Queries) == 0 && it.Action.Query != "" {
			t.Queries = []string{it.Action.Query}
		}
		if it.Action.URL != "" {
			t.Title = "Reading a page"
			t.Sources = append(t.Sources, page(it.Action.URL))
		}
		for _, s := range it.Action.Sources {
			t.Sources = append(t.Sources, page(s.URL))
		}
		return t
	case "file_search_call":
		t := &chatkit.FileTask{Title: "Searching files"}
		seen := map[string]bool{}
		for _, r := range it.Results {
			if r.Filename != "" && !seen[r.Filename] {
				seen[r.Filename] = true
				t.Sources = append(t.Sources, &chatkit.FileSource{
					SourceMeta: chatkit.SourceMeta{Title: path.Base(r.Filename)}, Filename: r.Filename,
				})
			}
		}
		return t
	case "code_interpreter_call", "program":
		return &chatkit.CustomTask{Title: "Running code", Icon: chatkit.IconSquareCode}
	case "shell_call", "local_shell_call":
		return &chatkit.CustomTask{Title: "Running commands", Icon: chatkit.IconSquareCode}
	case "apply_patch_call":
		return &chatkit.CustomTask{Title: "Editing files", Icon: chatkit.IconWriteAlt}
	case "computer_call":
		return &chatkit.CustomTask{Title: "Using a computer", Icon: chatkit.IconDesktop}
	case "mcp_list_tools":
		return &chatkit.CustomTask{Title: "Looking up tools", Content: it.Label, Icon: chatkit.IconSettingsSlider}
	case "mcp_call":
		return &chatkit.CustomTask{Title: "Using a tool", Content: it.Name, Icon: chatkit.IconBolt}
	case "mcp_approval_request":
		return &chatkit.CustomTask{Title: "Approval needed", Content: it.Name, Icon: chatkit.IconInfo}
	case "tool_search_call":
		return &chatkit.CustomTask{Title: "Looking for tools", Icon: chatkit.IconSearch}
	}
	return nil
}

func page(url string) *chatkit.URLSource {
	return &chatkit.URLSource{SourceMeta: chatkit.SourceMeta{Title: url}, URL: url}
}
