package certificate

import (
	"encoding/asn1"
	"slices"
	"strconv"
	"strings"
)

// policyNode is a node of the valid_policy_graph (RFC 9618, 5.1). Its parents are
// nodes one level nearer the anchor.
type policyNode struct {
	policy   string // dotted
	expected []string
	parents  []*policyNode
}

// policyState is what policy processing carries from one certificate to the next,
// beginning below the anchor (RFC 5280, 6.1.2 with RFC 9618).
type policyState struct {
	level                         map[string]*policyNode // of the last certificate; empty means the graph is NULL
	explicit, mapping, inhibitAny int                    // RFC 5280: explicit_policy, policy_mapping, inhibit_anyPolicy
	work                          *int
}

// anyPolicy is oidAnyPolicy as it stands in nodes.
const anyPolicy = "2.5.29.32.0"

func newPolicyState(o PolicyOptions, n int, work *int) *policyState {
	start := func(now bool) int {
		if now {
			return 0
		}
		return n + 1
	}
	return &policyState{
		explicit: start(o.RequireExplicit), mapping: start(o.InhibitMapping), inhibitAny: start(o.InhibitAny),
		work: work,
	}
}

// plant makes the level above the first certificate, unless that asserts nothing: then
// the graph is NULL from there on.
func (s *policyState) plant(first *Certificate) {
	if len(first.Policies) > 0 {
		s.level = map[string]*policyNode{anyPolicy: {policy: anyPolicy, expected: []string{anyPolicy}}}
	}
}

// checkPolicies processes the policies of a path and keeps those under which it is
// valid.
func (s *search) checkPolicies(path *Path) *PathError {
	below := path.Certificates[:len(path.Certificates)-1]
	state := newPolicyState(s.PathOptions.Policies, len(below), &s.effort.work)
	state.plant(below[len(below)-1])
	for i := len(below) - 1; i >= 0; i-- {
		c := below[i]
		fail := func(r Reason, detail string) *PathError {
			return &PathError{Reason: r, Certificate: c, Depth: i, Detail: detail}
		}
		state.enter(c, i == 0)
		if *state.work > maxPathWork {
			s.effort.gaveUp = true
			return fail(LimitExceeded, "too many policies")
		}
		if len(state.level) == 0 && state.explicit == 0 {
			return fail(NoValidPolicy, "none of those asserted so far") // RFC 5280, 6.1.3 f
		}
		if i == 0 {
			break
		}
		if !state.leave(c) {
			return fail(NoValidPolicy, "anyPolicy is mapped") // 6.1.4 a
		}
	}
	state.wrapUp(below[0])
	path.Policies = state.userConstrained(s.PathOptions.Policies.Acceptable)
	if len(path.Policies) == 0 && state.explicit == 0 {
		return &PathError{Reason: NoValidPolicy, Certificate: below[0], Detail: "none of those that are acceptable"} // 6.1.5
	}
	return nil
}

// enter is RFC 9618, 5.3: the level of the next certificate.
func (s *policyState) enter(c *Certificate, leaf bool) {
	if len(s.level) == 0 || len(c.Policies) == 0 {
		s.level = nil
		return
	}
	expecting := map[string][]*policyNode{} // the nodes above, by what they expect
	for _, node := range s.level {
		for _, policy := range node.expected {
			expecting[policy] = append(expecting[policy], node)
			*s.work++
		}
	}
	next := map[string]*policyNode{}
	add := func(policy string, parents []*policyNode) {
		if next[policy] == nil {
			next[policy] = &policyNode{policy: policy, expected: []string{policy}, parents: parents}
			*s.work += 1 + len(parents)
		}
	}
	asserted := false // anyPolicy
	for _, id := range c.Policies {
		policy := id.String()
		if policy == anyPolicy {
			asserted = true
			continue
		}
		if parents := expecting[policy]; len(parents) > 0 {
			add(policy, parents)
		} else if node := s.level[anyPolicy]; node != nil {
			add(policy, []*policyNode{node})
		}
	}
	if asserted && (s.inhibitAny > 0 || !leaf && c.IsSelfIssued()) {
		for policy, parents := range expecting {
			add(policy, parents)
		}
	}
	s.level = next
}

// leave is RFC 5280, 6.1.4 a, b and h to j: what an issuer says about what follows.
func (s *policyState) leave(c *Certificate) bool {
	rules := c.policyRules
	if rules != nil && !s.apply(rules.mappings) {
		return false
	}
	if !c.IsSelfIssued() {
		s.explicit, s.mapping, s.inhibitAny = max(s.explicit-1, 0), max(s.mapping-1, 0), max(s.inhibitAny-1, 0)
	}
	if rules != nil {
		limit(&s.explicit, rules.requireExplicit)
		limit(&s.mapping, rules.inhibitMapping)
		limit(&s.inhibitAny, rules.inhibitAny)
	}
	return true
}

func limit(count *int, to int) {
	if to >= 0 && to < *count {
		*count = to
	}
}

// apply maps policies; false means that anyPolicy is mapped, which must not be.
func (s *policyState) apply(mappings []policyMapping) bool {
	mapped := map[string][]string{}
	for _, m := range mappings {
		issuer, subject := m.issuer.String(), m.subject.String()
		if issuer == anyPolicy || subject == anyPolicy {
			return false
		}
		mapped[issuer] = append(mapped[issuer], subject)
		*s.work++
	}
	for issuer, subjects := range mapped {
		node, known := s.level[issuer]
		switch {
		case s.mapping == 0:
			delete(s.level, issuer)
		case known:
			node.expected = subjects
		case s.level[anyPolicy] != nil:
			s.level[issuer] = &policyNode{policy: issuer, expected: subjects, parents: s.level[anyPolicy].parents}
		}
	}
	return true
}

// wrapUp is RFC 5280, 6.1.5 a and b.
func (s *policyState) wrapUp(leaf *Certificate) {
	s.explicit = max(s.explicit-1, 0)
	if rules := leaf.policyRules; rules != nil && rules.requireExplicit == 0 {
		s.explicit = 0
	}
}

// userConstrained is the user-constrained-policy-set of RFC 9618, 5.5: the policies
// in the terms of the anchor under which the path is valid and which are acceptable.
func (s *policyState) userConstrained(acceptable []asn1.ObjectIdentifier) []asn1.ObjectIdentifier {
	if len(s.level) == 0 {
		return nil
	}
	domain := map[string]bool{} // the authority-constrained-policy-set
	seen := map[*policyNode]bool{}
	queue := make([]*policyNode, 0, len(s.level))
	for _, node := range s.level {
		queue = append(queue, node)
	}
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		if seen[node] || node.parents == nil { // the root
			continue
		}
		seen[node] = true
		if node.policy == anyPolicy {
			continue
		}
		for _, parent := range node.parents {
			if parent.policy == anyPolicy {
				domain[node.policy] = true
			}
		}
		queue = append(queue, node.parents...)
	}
	all := s.level[anyPolicy] != nil
	var result []asn1.ObjectIdentifier
	if len(acceptable) == 0 || slices.ContainsFunc(acceptable, oidAnyPolicy.Equal) {
		if all {
			domain[anyPolicy] = true
		}
		for policy := range domain {
			result = append(result, parseDotted(policy))
		}
	} else {
		for _, id := range acceptable {
			if (all || domain[id.String()]) && !contains(result, id) {
				result = append(result, id)
			}
		}
	}
	slices.SortFunc(result, slices.Compare[asn1.ObjectIdentifier])
	return result
}

// parseDotted is the reverse of asn1.ObjectIdentifier.String.
func parseDotted(text string) asn1.ObjectIdentifier {
	var id asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(text, ".") {
		n, _ := strconv.Atoi(arc)
		id = append(id, n)
	}
	return id
}
