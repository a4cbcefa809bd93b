// Pins the etcd that the harness builds when the host has none. etcd's own modules carry
// `replace` lines, so `go install module@version` refuses them; a module that requires them does not.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
