// Pins the etcd of the minor version before the one in use: what an upgrade begins with.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
