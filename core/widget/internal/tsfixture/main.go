// Tsfixture holds the typed components against the type declarations of the browser client.
//
//	tsfixture write DIR         writes DIR/fixture.ts, a program that type-checks if the two agree
//	tsfixture report DIR KNOWN  reads the compiler's output and prints where they do not agree; it fails if
//	                            that is not what the file KNOWN lists
package main

import (
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) == 3 && os.Args[1] == "write":
		if err := write(os.Args[2]); err != nil {
			log.Fatal(err)
		}
	case len(os.Args) == 4 && os.Args[1] == "report":
		same, err := report(os.Args[2], os.Args[3], os.Stdin, os.Stdout)
		if err != nil {
			log.Fatal(err)
		}
		if !same {
			os.Exit(1)
		}
	default:
		log.Fatal("usage: tsfixture write DIR | tsfixture report DIR KNOWN <output")
	}
}
