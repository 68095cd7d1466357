from fresque.cli import main

main()
