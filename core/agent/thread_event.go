package agent

import chatkit "github.com/gochatkit/chatkit/core"

// Thread carries a finished thread event through a source: a widget, progress, a notice. The bridge
// applies the rules of a workflow to it, as to everything else.
type Thread struct{ Event chatkit.Event }

func (*Thread) isEvent() {}
