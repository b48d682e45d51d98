GOLANGCI = go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.2

.PHONY: check fuzz bench interop tables golden pictures

check: ; @test -z "$$(gofmt -l .)" && go vet ./... && $(GOLANGCI) run ./... && go test -race ./...
fuzz: ; @.ci/fuzz $(or $(TIME),30s)
bench: ; go test -run '^$$' -bench . -benchmem -count 7 ./... && .ci/bench $(or $(MIB),500)
interop: ; cd interop && REQUIRE_PEERS=1 go test -count 1 ./...
tables: ; cd interop && REQUIRE_PEERS=1 go test -count 1 -timeout 30m -run 'TestChanges|TestLevels|TestAgreement|TestNextStepsJudged' . -update
golden: ; go test ./internal/vectors -update && UPDATE_SCRIPTS=1 go test ./cmd/inkan -run TestScripts
pictures: ; @.ci/pictures
